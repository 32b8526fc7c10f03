import { ask } from './api.ts'
import type { Coverage, Table } from './api.ts'

export interface Parameter {
  name: string
  type: string
  default: string | number | null
  /** What it may be, where that is a list. */
  choices?: string[]
  description: string
}

/** A question that is answered by SQL of the library, without a model. */
export interface Question {
  name: string
  title: string
  description: string
  category: string
  /** Since when it looks, unless `from` says otherwise. */
  window?: string
  parameters: Parameter[]
  sql: string
}

/** An answer of the gate. */
export type GateAnswer = Omit<Table, 'sql'> & {
  row_count: number
  truncated: boolean
  elapsed_ms: number
  sql_executed: string
  sql?: string
  coverage?: Coverage
}

let questions: Promise<Question[]> | null = null

/** The library, asked for once. */
export function loadQuestions(): Promise<Question[]> {
  questions ??= ask<{ questions: Question[] }>('/sql/library').then((answer) => answer.questions)
  questions.catch(() => {
    questions = null
  })
  return questions
}

/** The names of the buckets that the logs are about. */
export async function loadBuckets(): Promise<string[]> {
  const { sources } = await ask<{ sources: { bucket: string }[] }>('/metrics/sources')
  return [...new Set(sources.map(({ bucket }) => bucket))]
}
