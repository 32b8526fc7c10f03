import { InvalidError, UnavailableError } from '../errors.ts'
import type { QuestDBAddress } from './address.ts'
import { postLarge } from './post.ts'

/**
 * One call to QuestDB's HTTP port, a POST if there is a body; the answer has arrived whole when it resolves.
 * Throws UnavailableError when nobody answers, the answer breaks off, or it says try later.
 */
export async function callQuestDB(
  { httpUrl, authorization }: QuestDBAddress,
  path: string,
  { body, timeout_ms = 30_000 }: { body?: Uint8Array; timeout_ms?: number } = {},
): Promise<Response> {
  const url = httpUrl + path
  const headers: Record<string, string> = authorization === null ? {} : { authorization }
  const signal = AbortSignal.timeout(timeout_ms)
  const answered =
    body === undefined
      ? fetch(url, { headers, signal, redirect: 'error' }).then(whole)
      : postLarge(url, body, { headers, signal })
  const response = await answered.catch((cause: unknown) => {
    throw new UnavailableError(
      `Cannot reach QuestDB: ${cause instanceof Error ? cause.message : 'no answer'}`,
      undefined,
      { cause },
    )
  })
  const { status } = response
  if (status <= 400) return response
  const text = (await response.text()).slice(0, 300)
  const hint =
    status === 401 || status === 403 ? 'check the user and password in QUESTDB_HTTP_URL' : undefined
  throw new UnavailableError(`Cannot use QuestDB: it answered ${status} ${text}`, hint)
}

async function whole(response: Response): Promise<Response> {
  return response.status === 204 ? response : new Response(await response.arrayBuffer(), response)
}

/** Runs one statement with write rights and gives its rows; for DDL, migrations and the ledger. */
export async function execute(
  address: QuestDBAddress,
  sql: string,
  timeout_ms = 30_000,
): Promise<unknown[][]> {
  const response = await callQuestDB(address, `/exec?query=${encodeURIComponent(sql)}`, { timeout_ms })
  const answer = (await response.json().catch(() => ({ error: 'no JSON' }))) as {
    error?: string
    dataset?: unknown[][]
  }
  if (answer.error !== undefined) throw new InvalidError(`Cannot run «${sql.slice(0, 80)}»: ${answer.error}`)
  return answer.dataset ?? []
}
