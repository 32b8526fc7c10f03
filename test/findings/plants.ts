import type { Plant } from './plant.ts'
import { deletionPlants } from './plants/deletion.ts'
import { exfiltrationPlants } from './plants/exfiltration.ts'
import { exposurePlants } from './plants/exposure.ts'
import { missingObjectPlants } from './plants/missing-objects.ts'
import { newClientPlants } from './plants/new-client.ts'
import { oldProtocolPlants } from './plants/old-protocols.ts'
import { probingPlants } from './plants/probing.ts'
import { ransomPlants } from './plants/ransom.ts'
import { retryPlants } from './plants/retries.ts'
import { throttlingPlants } from './plants/throttling.ts'

/** All incidents, each on days or buckets of its own. */
export const plants: readonly Plant[] = [
  ...deletionPlants,
  ...exfiltrationPlants,
  ...exposurePlants,
  ...missingObjectPlants,
  ...newClientPlants,
  ...oldProtocolPlants,
  ...probingPlants,
  ...ransomPlants,
  ...retryPlants,
  ...throttlingPlants,
]
