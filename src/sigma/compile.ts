import { readCondition } from './condition.ts'
import { predicateOf } from './match.ts'
import { allOf, anyOf } from './predicate.ts'
import type { Predicate } from './predicate.ts'
import { SigmaError } from './problem.ts'
import type { Problem } from './problem.ts'
import type { Selection, SigmaRule } from './rule.ts'

/**
 * The condition of a rule on a row of `operations`, in SQL for the gate. Texts match whatever their case and a field
 * that is not there matches nothing, as Sigma's specification says. An event that no access log records is never found.
 * Throws SigmaError with all that cannot be mapped, and where nothing that the rule looks for can be in a log.
 */
export function compileSigma({ selections, condition }: SigmaRule): string {
  const problems: Problem[] = []
  const predicates = new Map<string, Predicate>()
  for (const [name, selection] of selections) predicates.set(name, predicate(selection, problems))
  if (problems.length > 0) throw new SigmaError(problems)
  const where = readCondition(condition, predicates)
  if (typeof where === 'string') return where
  const fact = where ? 'every request matches' : 'no event of it is in access logs'
  throw new SigmaError([
    { at: 'detection', fact, remedy: 'name events of S3, of eventSource s3.amazonaws.com' },
  ])
}

function predicate(selection: Selection, problems: Problem[]): Predicate {
  return anyOf(
    selection.map((fields) =>
      allOf(
        fields.map((field) => {
          try {
            return predicateOf(field)
          } catch (error) {
            if (!(error instanceof SigmaError)) throw error
            problems.push(...error.problems)
            return false
          }
        }),
      ),
    ),
  )
}

/** The requests that a condition finds, newest first, as `POST /sql` takes it. */
export function sigmaSql(where: string): string {
  return `SELECT ts, bucket, operation, status, error_code, key, remote_ip, requester, user_agent, request_id
FROM operations
WHERE is_request AND ${where}
ORDER BY ts DESC`
}
