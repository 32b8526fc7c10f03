import { ask } from './api.ts'
import type { AnswerTo } from './api.ts'

/** A question that is answered by SQL of the library, without a model. */
export type Question = AnswerTo<'GET /sql/library'>['questions'][number]
export type Parameter = Question['parameters'][number]

/** An answer of the gate: of SQL that was written, or of a question, which tells its SQL. */
export type GateAnswer = AnswerTo<'POST /sql'> & { sql?: string }

let questions: Promise<Question[]> | null = null

/** The library, asked for once. */
export function loadQuestions(): Promise<Question[]> {
  questions ??= ask('GET /sql/library').then((answer) => answer.questions)
  questions.catch(() => {
    questions = null
  })
  return questions
}

export type SeenBucket = AnswerTo<'GET /metrics/sources'>['sources'][number]

/** The buckets that the logs are about; one that several log sources tell of comes as often. */
export async function loadBuckets(signal?: AbortSignal): Promise<SeenBucket[]> {
  return (await ask('GET /metrics/sources', { signal })).sources
}

/** Each name once. */
export function namesOf(buckets: readonly SeenBucket[]): string[] {
  return [...new Set(buckets.map(({ bucket }) => bucket))]
}
