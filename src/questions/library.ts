import { editDistance } from '../edit-distance.ts'
import { InvalidError } from '../errors.ts'
import { costs } from './cost.ts'
import { delivery } from './delivery.ts'
import { errors } from './errors.ts'
import { latency } from './latency.ts'
import type { Question } from './question.ts'
import { security } from './security.ts'
import { traffic } from './traffic.ts'
import { whoDidWhat } from './who-did-what.ts'

/** All questions that can be asked by name. */
export const library: readonly Question[] = [
  ...whoDidWhat,
  ...errors,
  ...latency,
  ...traffic,
  ...costs,
  ...security,
  ...delivery,
]

/** The question of this name; throws InvalidError that names the nearest ones. */
export function findQuestion(name: string): Question {
  const found = library.find((question) => question.name === name)
  if (found) return found
  const wanted = name.toLowerCase().slice(0, 60)
  const near = library
    .map((question) => ({ name: question.name, away: editDistance(wanted, question.name) }))
    .filter(({ name: known, away }) => away <= 4 || (wanted.length > 3 && known.includes(wanted)))
    .toSorted((a, b) => a.away - b.away)
    .slice(0, 3)
  throw new InvalidError(
    `Cannot find the question '${wanted}'`,
    near.length > 0
      ? `did you mean ${near.map((one) => one.name).join(', ')}?`
      : 'GET /sql/library lists the questions',
    'unknown_question',
  )
}
