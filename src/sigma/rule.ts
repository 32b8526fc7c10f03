import { SigmaError } from './problem.ts'
import type { Problem } from './problem.ts'

export const sigmaLevels = ['informational', 'low', 'medium', 'high', 'critical'] as const
export type SigmaLevel = (typeof sigmaLevels)[number]

export type SigmaValue = string | number | boolean | null

/** `field|modifier: values`: one of the values, with the modifier `all` every one. */
export interface FieldMatch {
  /** Its path in the rule. */
  at: string
  field: string
  modifiers: readonly string[]
  values: readonly SigmaValue[]
}

/** One of the maps, and of a map every field. */
export type Selection = readonly (readonly FieldMatch[])[]

/** A detection rule of Sigma (specification 2.1) for CloudTrail or S3, as its author wrote it. */
export interface SigmaRule {
  /** Its `id`, or its title where it has none. */
  id: string
  title: string
  description: string | null
  level: SigmaLevel
  selections: ReadonlyMap<string, Selection>
  condition: string
}

type Fields = Record<string, unknown>

const longest = 64 * 1024
const known = new Set(['cloudtrail', 's3'])

/** Reads the rules of one file, which may hold several documents; throws SigmaError with all that is wrong. */
export function readSigmaRules(text: string): SigmaRule[] {
  if (text.length > longest) throw refused('rule', `it is longer than ${longest} characters`, 'cut the file')
  let parsed: unknown
  try {
    parsed = Bun.YAML.parse(text)
  } catch (error) {
    throw refused('rule', `it is no YAML: ${error instanceof Error ? error.message : error}`, 'mend its text')
  }
  // Several documents are read as a list of them.
  const documents: unknown[] = Array.isArray(parsed) ? parsed : [parsed]
  return documents.map(readRule)
}

function readRule(document: unknown): SigmaRule {
  if (!isMap(document)) throw refused('rule', 'it is no map', 'write title, logsource and detection')
  const problems: Problem[] = []
  const missing = (at: string, remedy: string) => problems.push({ at, fact: 'it is missing', remedy })
  const { title, id, description, level = 'medium', logsource, detection } = document
  for (const name of ['action', 'correlation', 'filter'])
    if (name in document)
      problems.push({ at: name, fact: 'only single rules are read', remedy: 'write one rule without it' })
  if (typeof title !== 'string' || title === '') missing('title', 'say what the rule finds')
  const severity = sigmaLevels.find((word) => word === level)
  if (severity === undefined)
    problems.push({
      at: 'level',
      fact: `${shown(level)} is unknown`,
      remedy: `write ${sigmaLevels.join(', ')}`,
    })
  const { product, service, category } = isMap(logsource) ? logsource : {}
  if (product !== 'aws' || !known.has(String(service)) || category !== undefined)
    problems.push({
      at: 'logsource',
      fact: `${shown(logsource)} is not what access logs can tell`,
      remedy: 'write product: aws, service: cloudtrail',
    })
  const selections = new Map<string, Selection>()
  const { condition, timeframe, ...named } = isMap(detection) ? detection : {}
  if (timeframe !== undefined)
    problems.push({
      at: 'detection.timeframe',
      fact: 'single rules look at one request at a time',
      remedy: 'take it out',
    })
  for (const [name, value] of Object.entries(named))
    selections.set(name, readSelection(`detection.${name}`, value, problems))
  if (selections.size === 0) missing('detection', 'write a selection and a condition')
  const conditions = Array.isArray(condition) ? condition : [condition]
  if (!conditions.every((one) => typeof one === 'string' && one !== ''))
    missing('detection.condition', 'write condition: selection')
  if (problems.length > 0) throw new SigmaError(problems)
  return {
    id: typeof id === 'string' && id !== '' ? id : String(title),
    title: String(title),
    description: typeof description === 'string' ? description.trim() : null,
    level: severity ?? 'medium',
    selections,
    condition: conditions.length > 1 ? conditions.map((one) => `(${one})`).join(' or ') : `${conditions[0]}`,
  }
}

function readSelection(at: string, value: unknown, problems: Problem[]): Selection {
  const maps = Array.isArray(value) ? value : [value]
  return maps.map((map: unknown, index) => {
    const here = maps.length > 1 ? `${at}[${index}]` : at
    if (isMap(map))
      return Object.entries(map).flatMap(([name, values]) => readMatch(here, name, values, problems))
    problems.push({
      at: here,
      fact: `${shown(map)} names no field`,
      remedy: 'write field: value, as keywords would search every column',
    })
    return []
  })
}

function readMatch(at: string, name: string, value: unknown, problems: Problem[]): FieldMatch[] {
  const [field = '', ...modifiers] = name.split('|')
  const path = `${at}.${field}`
  const values: unknown[] = Array.isArray(value) ? value : [value]
  const plain = values.filter(isValue)
  if (plain.length === values.length && plain.length > 0)
    return [{ at: path, field, modifiers, values: plain }]
  problems.push({
    at: path,
    fact: `${shown(value)} is no value`,
    remedy: 'write a text, a number, null or a list',
  })
  return []
}

function isMap(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isValue(value: unknown): value is SigmaValue {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value)
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 80)
}

function refused(at: string, fact: string, remedy: string): SigmaError {
  return new SigmaError([{ at, fact, remedy }])
}
