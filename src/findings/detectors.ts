import type { Detector } from './detector.ts'
import { massDeletion } from './detectors/deletion.ts'
import { exfiltration } from './detectors/exfiltration.ts'
import { anonymousListings, anonymousReads, configurationPublic } from './detectors/exposure.ts'
import { logsStopped, refusedLines } from './detectors/logs.ts'
import { missingObjects } from './detectors/missing-objects.ts'
import { newAgent, newNetwork } from './detectors/new-client.ts'
import { oldTls, signatureV2 } from './detectors/old-protocols.ts'
import { overwriting } from './detectors/overwriting.ts'
import { probing } from './detectors/probing.ts'
import { retryStorm } from './detectors/retries.ts'
import { throttling } from './detectors/throttling.ts'
import { missedBackup } from './detectors/backups.ts'
import { cdnMisses, withoutCdn } from './detectors/cdn.ts'
import { headBeforeGet, listingPerRead } from './detectors/chatty.ts'
import { coldData, neverRead } from './detectors/cold-data.ts'
import { crawlers } from './detectors/crawlers.ts'
import { brokenDownloads, slowClients, slowStorage } from './detectors/downloads.ts'
import { hotlinking } from './detectors/hotlinks.ts'
import { smallObjects, unfinishedUploads } from './detectors/storage.ts'
import { oldVersions } from './detectors/versions.ts'

/** All detectors, in the order in which they run. */
export const detectors: readonly Detector[] = [
  massDeletion,
  overwriting,
  exfiltration,
  anonymousReads,
  anonymousListings,
  configurationPublic,
  newNetwork,
  newAgent,
  probing,
  throttling,
  oldTls,
  signatureV2,
  logsStopped,
  refusedLines,
  missingObjects,
  retryStorm,
  missedBackup,
  cdnMisses,
  withoutCdn,
  headBeforeGet,
  listingPerRead,
  coldData,
  neverRead,
  crawlers,
  brokenDownloads,
  slowClients,
  slowStorage,
  hotlinking,
  smallObjects,
  unfinishedUploads,
  oldVersions,
]
