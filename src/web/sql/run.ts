import { ask, askFor } from '../api.ts'
import type { SqlWindow } from '../how-computed.tsx'
import type { GateAnswer } from '../library.ts'

/** A query that runs; `cancel` ends it on the server too. */
export interface Running {
  answer: Promise<GateAnswer>
  cancel: () => void
}

/** Runs a SELECT through the gate. */
export function runSql(sql: string, limit: number, window: SqlWindow): Running {
  const controller = new AbortController()
  const id = newId()
  return {
    answer: ask('POST /sql', { body: { sql, id, limit, ...window }, signal: controller.signal }),
    cancel() {
      void ask('DELETE /sql/:id', { params: { id } })
        .catch(() => {})
        .then(() => controller.abort())
    },
  }
}

/** Answers a question of the library; the answer tells the SQL. */
export function runQuestion(name: string, params: Record<string, string>): Running {
  const controller = new AbortController()
  return {
    answer: ask('GET /ask/:question', {
      params: { question: name },
      query: params,
      signal: controller.signal,
    }),
    cancel: () => controller.abort(),
  }
}

/** The result as CSV, with all the rows that the gate gives. */
export async function readCsv(sql: string, window: SqlWindow): Promise<string> {
  const response = await askFor('POST /sql', { body: { sql, format: 'csv', ...window } })
  return response.text()
}

function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(12))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
}
