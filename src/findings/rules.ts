import type { Log } from '../log.ts'
import type { Detector } from './detector.ts'
import { detectors } from './detectors.ts'
import { readSigmaDetectors } from './sigma-detectors.ts'
import { readThresholdsFile } from './thresholds.ts'
import type { Thresholds } from './thresholds.ts'

/**
 * What is looked for: our own detectors and the rules of a folder, with the thresholds of a file. A rule that no access log
 * can answer is logged and left out. Throws InvalidError for a wrong file and where there is no such folder.
 */
export function readFindingRules(
  { findingsFile, sigmaDir }: { findingsFile: string | null; sigmaDir: string | null },
  log: Log,
): { detectors: readonly Detector[]; thresholds: Thresholds } {
  const sigma = sigmaDir === null ? { detectors: [], refused: [] } : readSigmaDetectors(sigmaDir)
  for (const { file, title, problems } of sigma.refused)
    log.warn({ file, title, problems }, 'Sigma rule refused: npm run sigma -- check tells why')
  const all = [...detectors, ...sigma.detectors]
  return { detectors: all, thresholds: readThresholdsFile(all, findingsFile) }
}
