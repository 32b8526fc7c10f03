import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { InvalidError } from '../errors.ts'
import { rewrite } from '../gate/rewrite.ts'
import { compileSigma, sigmaSql } from './compile.ts'
import { SigmaError } from './problem.ts'
import type { Problem } from './problem.ts'
import { readSigmaRules } from './rule.ts'
import type { SigmaRule } from './rule.ts'

/** A rule that access logs can answer. */
export interface SigmaDetection {
  file: string
  rule: SigmaRule
  /** What a row of `operations` must be. */
  where: string
  /** The requests that it finds, as `POST /sql` takes it. */
  sql: string
}

export interface RefusedRule {
  file: string
  /** Null where the file could not be read so far. */
  title: string | null
  problems: readonly Problem[]
}

export interface SigmaRules {
  detections: readonly SigmaDetection[]
  refused: readonly RefusedRule[]
}

/**
 * Reads a file of Sigma rules, or each `.yml` and `.yaml` of a folder and of the folders in it, in the order of their
 * names; what the gate would not let through is refused too. Throws InvalidError where there is no such path.
 */
export function loadSigma(path: string): SigmaRules {
  const detections: SigmaDetection[] = []
  const refused: RefusedRule[] = []
  for (const file of ruleFiles(path)) {
    const rules = attempt(() => readSigmaRules(readFileSync(file, 'utf8')))
    if ('problems' in rules) refused.push({ file, title: null, ...rules })
    else
      for (const rule of rules.value) {
        const compiled = attempt(() => compiledRule(rule))
        if ('problems' in compiled) refused.push({ file, title: rule.title, ...compiled })
        else detections.push({ file, rule, ...compiled.value })
      }
  }
  return { detections, refused }
}

function compiledRule(rule: SigmaRule): { where: string; sql: string } {
  const where = compileSigma(rule)
  const sql = sigmaSql(where)
  rewrite({ sql, scope: [], limit: 1, window: { from_ms: 0, to_ms: 0 } })
  return { where, sql }
}

function attempt<T>(work: () => T): { value: T } | { problems: readonly Problem[] } {
  try {
    return { value: work() }
  } catch (error) {
    if (error instanceof SigmaError) return { problems: error.problems }
    if (!(error instanceof InvalidError)) throw error
    return { problems: [{ at: 'detection', fact: error.message, remedy: error.hint ?? 'match less' }] }
  }
}

function ruleFiles(path: string): string[] {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found)
    throw new InvalidError(`Cannot read Sigma rules: there is no ${path}`, 'name a rule or a folder of rules')
  if (!found.isDirectory()) return [path]
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .toSorted()
    .map((name) => join(path, name))
}
