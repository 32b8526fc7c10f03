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
import { backupPlants } from './plants/backups.ts'
import { cdnPlants } from './plants/cdn.ts'
import { chattyPlants } from './plants/chatty.ts'
import { crawlerPlants } from './plants/crawlers.ts'
import { downloadPlants } from './plants/downloads.ts'
import { hotlinkPlants } from './plants/hotlinks.ts'
import { storagePlants } from './plants/storage.ts'
import { versionPlants } from './plants/versions.ts'

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
  ...backupPlants,
  ...cdnPlants,
  ...chattyPlants,
  ...crawlerPlants,
  ...downloadPlants,
  ...hotlinkPlants,
  ...storagePlants,
  ...versionPlants,
]
