import type { Detector } from './detector.ts'
import { massDeletion } from './detectors/deletion.ts'
import { probing } from './detectors/probing.ts'

/** All detectors, in the order in which they run. */
export const detectors: readonly Detector[] = [massDeletion, probing]
