import { readFileSync } from 'node:fs'
import { InvalidError } from '../errors.ts'
import { editDistance } from '../edit-distance.ts'
import type { Values } from './bind-sql.ts'
import type { Detector } from './detector.ts'

/** The thresholds and lists of every detector by its name. */
export type Thresholds = Readonly<Record<string, Values>>

const mostTexts = 500

/**
 * The thresholds as FINDINGS_FILE sets them: JSON such as `{"mass-deletion": {"objects": 500}}`, the defaults where it says
 * nothing; null: there is no file. Throws InvalidError that tells all that is wrong with it.
 */
export function readThresholds(detectors: readonly Detector[], json: string | null): Thresholds {
  const problems: string[] = []
  const given = json === null ? {} : parse(json, problems)
  for (const name of Object.keys(given)) {
    if (!detectors.some((detector) => detector.name === name))
      problems.push(
        unknown(
          'detector',
          name,
          detectors.map((detector) => detector.name),
        ),
      )
  }
  const all = detectors.map((detector) => {
    const known = [...Object.keys(detector.thresholds), ...Object.keys(detector.lists ?? {})]
    const own = given[detector.name] ?? {}
    if (!isObject(own)) problems.push(`${detector.name} is no object: write {"${known[0] ?? 'name'}": 1}`)
    const set: Record<string, unknown> = isObject(own) ? own : {}
    for (const name of Object.keys(set))
      if (!known.includes(name)) problems.push(unknown(`threshold of ${detector.name}`, name, known))
    const numbers = Object.entries(detector.thresholds).map(([name, threshold]) => {
      const value = set[name] ?? threshold.default
      if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return [name, value] as const
      problems.push(`${detector.name}.${name} is no number from 0 up: write one such as ${threshold.default}`)
      return [name, threshold.default] as const
    })
    const lists = Object.entries(detector.lists ?? {}).map(([name, list]) => {
      const value = set[name] ?? list.default
      if (Array.isArray(value) && value.length <= mostTexts && value.every(isShortText))
        return [name, value as readonly string[]] as const
      problems.push(
        `${detector.name}.${name} is no list of at most ${mostTexts} short texts: write ["www.example.com"]`,
      )
      return [name, list.default] as const
    })
    return [detector.name, Object.fromEntries([...numbers, ...lists])] as const
  })
  if (problems.length === 0) return Object.fromEntries(all)
  throw new InvalidError(
    `Cannot read FINDINGS_FILE: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}${problems.map((line) => `\n  ${line}`).join('')}`,
    'docs/findings.md lists every detector and threshold',
    'invalid_configuration',
  )
}

/** As `readThresholds`, of the file at this path. */
export function readThresholdsFile(detectors: readonly Detector[], path: string | null): Thresholds {
  if (path === null) return readThresholds(detectors, null)
  let json: string
  try {
    json = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new InvalidError(
      `Cannot read FINDINGS_FILE '${path}': ${cause instanceof Error ? cause.message : 'no answer'}`,
      'write a file there, or unset FINDINGS_FILE',
      'invalid_configuration',
      { cause },
    )
  }
  return readThresholds(detectors, json)
}

/** A short name of detectors and thresholds as they are: another one means that everything is to be judged again. */
export function rulesOf(detectors: readonly Detector[], thresholds: Thresholds): string {
  const parts = detectors.map(({ name, sql, every, past_days, subject }) => [
    name,
    sql,
    every,
    past_days,
    subject,
  ])
  return new Bun.CryptoHasher('sha256')
    .update(JSON.stringify([parts, thresholds]))
    .digest('hex')
    .slice(0, 12)
}

function parse(json: string, problems: string[]): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json)
    if (isObject(value)) return value
  } catch {
    // Said below.
  }
  problems.push('it is no JSON object: write {"mass-deletion": {"objects": 500}}')
  return {}
}

function unknown(what: string, name: string, known: readonly string[]): string {
  const near = known.find((one) => editDistance(name.slice(0, 60), one) <= 3)
  const hint = near ? `did you mean '${near}'?` : `write one of ${known.join(', ')}`
  return `'${name.slice(0, 60)}' is no known ${what}: ${hint}`
}

function isShortText(value: unknown): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= 200
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
