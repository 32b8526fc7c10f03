import type { Plant } from './plant.ts'
import { deletionPlants } from './plants/deletion.ts'
import { probingPlants } from './plants/probing.ts'

/** All incidents, each on days or buckets of its own. */
export const plants: readonly Plant[] = [...deletionPlants, ...probingPlants]
