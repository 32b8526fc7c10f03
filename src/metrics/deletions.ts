import { isDeletedObject } from './deleted-object.ts'
import type { Metric, Value } from './metric.ts'
import { requests } from './values.ts'

export const objectsDeleted: Value = { ...requests, name: 'objects_deleted' }

export const deletionMetrics: readonly [Metric] = [
  {
    name: 'ObjectsDeleted',
    description: 'Objects that clients deleted, one by one and in multi-object deletes.',
    shape: 'series',
    by: [],
    rows: isDeletedObject,
    values: [objectsDeleted],
  },
]
