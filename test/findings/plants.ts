import type { Plant } from './plant.ts'
import { deletionPlants } from './plants/deletion.ts'
import { missingObjectPlants } from './plants/missing-objects.ts'
import { probingPlants } from './plants/probing.ts'
import { retryPlants } from './plants/retries.ts'

/** All incidents, each on days or buckets of its own. */
export const plants: readonly Plant[] = [
  ...deletionPlants,
  ...probingPlants,
  ...missingObjectPlants,
  ...retryPlants,
]
