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
]
