import type { Detector } from './detector.ts'
import { massDeletion } from './detectors/deletion.ts'
import { missingObjects } from './detectors/missing-objects.ts'
import { probing } from './detectors/probing.ts'
import { retryStorm } from './detectors/retries.ts'

/** All detectors, in the order in which they run. */
export const detectors: readonly Detector[] = [massDeletion, probing, missingObjects, retryStorm]
