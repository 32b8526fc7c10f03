import { loadSigma } from '../sigma/load.ts'
import type { RefusedRule, SigmaDetection } from '../sigma/load.ts'
import type { Problem } from '../sigma/problem.ts'
import type { SigmaLevel } from '../sigma/rule.ts'
import type { Detector, Severity } from './detector.ts'
import { counted, quoted } from './quote.ts'

const severityOf: Record<SigmaLevel, Severity> = {
  informational: 'info',
  low: 'info',
  medium: 'warning',
  high: 'critical',
  critical: 'critical',
}

/** The rules of a file or folder as detectors, and those that cannot be. Throws InvalidError where there is no such path. */
export function readSigmaDetectors(path: string): { detectors: Detector[]; refused: readonly RefusedRule[] } {
  const { detections, refused } = loadSigma(path)
  const detectors = new Map<string, Detector>()
  const more: RefusedRule[] = []
  for (const detection of detections) {
    const detector = sigmaDetector(detection)
    const problem = problemOf(detection, detectors.has(detector.name))
    if (problem === null) detectors.set(detector.name, detector)
    else more.push({ file: detection.file, title: detection.rule.title, problems: [problem] })
  }
  return { detectors: [...detectors.values()], refused: [...refused, ...more] }
}

function problemOf({ where }: SigmaDetection, isTaken: boolean): Problem | null {
  if (isTaken) return { at: 'title', fact: 'another rule has it', remedy: 'write a title of its own' }
  const [value] = /\{\w+\}/.exec(where) ?? []
  if (value === undefined) return null
  return {
    at: 'detection',
    fact: `${value} would be taken for a value's name`,
    remedy: 'match the text without braces',
  }
}

/** A rule of Sigma as a detector: each closed hour in which a requester did in a bucket what the rule looks for. */
function sigmaDetector({ rule, where }: SigmaDetection): Detector {
  const { title, description, level } = rule
  return {
    name: sigmaName(title),
    title,
    question: `Does anything match the Sigma rule ${quoted(title)}?`,
    severity: severityOf[level],
    every: 'hour',
    thresholds: {
      requests: {
        default: 1,
        unit: 'requests an hour',
        reason: 'a rule of Sigma looks at one request at a time',
        source: null,
      },
    },
    past_days: 0,
    subject: ['bucket', 'requester'],
    measure: 'requests',
    sql: `SELECT at, bucket, requester, requests, clients, first_seen, last_seen FROM (
  SELECT timestamp_floor('1h', ts) AS at, bucket, requester, count() AS requests, count_distinct(remote_ip) AS clients,
    min(ts) AS first_seen, max(ts) AS last_seen FROM operations
  WHERE is_request AND ts >= {from} AND ${where}
  GROUP BY at, bucket, requester
)
WHERE requests >= {requests}
ORDER BY requests DESC, at, bucket, requester`,
    says: ({ bucket, requester, requests, clients }) =>
      `${requester === null ? 'Somebody without a key' : quoted(requester)} made ${counted(requests, 'request')} to ${quoted(bucket)} within an hour that match ${quoted(title)}, from ${counted(clients, 'address', 'addresses')}.`,
    evidence: [
      {
        title: 'The requests that match, newest first',
        sql: `SELECT ts, operation, status, error_code, key, remote_ip, user_agent, request_id FROM operations
WHERE is_request AND ${where} AND {subject}
ORDER BY ts DESC, request_id LIMIT 100`,
      },
    ],
    remedies: () => [
      {
        title: 'What the rule says',
        language: 'text',
        text: `${title}\n\n${description ?? 'It has no description.'}\n\nSigma rule ${rule.id}, level ${level}.`,
      },
    ],
  }
}

/** By what FINDINGS_FILE and `detector=` know the rule. */
function sigmaName(title: string): string {
  const words = title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
  return `sigma-${words.slice(0, 60)}`
}
