import { at } from '../plant.ts'
import type { LogPlant } from '../plant.ts'

const minute_ms = 60_000
const stopped = { from_ms: at(25, 5), to_ms: at(25, 14) }

export const logPlants: readonly LogPlant[] = [
  {
    what: 'logging is switched off for nine hours, whose logs come afterwards',
    change: (object) =>
      object.delivered_ms >= stopped.from_ms && object.delivered_ms < stopped.to_ms
        ? { ...object, delivered_ms: stopped.to_ms + minute_ms }
        : object,
    findings: [{ detector: 'logs-stopped', first_seen_ms: stopped.from_ms }],
  },
  {
    what: 'somebody writes other files under the prefix of the logs',
    change: (object) =>
      object.delivered_ms >= at(26, 9) && object.delivered_ms < at(26, 10)
        ? { ...object, refused: 40 }
        : object,
    findings: [{ detector: 'refused-lines', first_seen_ms: at(26, 9) + minute_ms }],
  },
]
