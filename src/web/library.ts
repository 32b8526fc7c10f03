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

/** The names of the buckets that the logs are about. */
export async function loadBuckets(): Promise<string[]> {
  const { sources } = await ask('GET /metrics/sources')
  return [...new Set(sources.map(({ bucket }) => bucket))]
}
