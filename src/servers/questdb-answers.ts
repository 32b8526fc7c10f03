import { Socket } from 'node:net'
import pg from 'pg'

/** True when QuestDB answers `SELECT 1` on its HTTP port within `deadline_ms`. */
export async function httpAnswers(
  httpUrl: string,
  authorization: string,
  deadline_ms: number,
): Promise<boolean> {
  return fetch(`${httpUrl}/exec?query=SELECT%201`, {
    headers: { authorization, connection: 'close' },
    signal: AbortSignal.timeout(deadline_ms),
  }).then(
    async (response) => (await response.text()).includes('[[1]]'),
    () => false,
  )
}

/** True when QuestDB lets `pgUrl` in and answers `SELECT 1` on its pg port within `deadline_ms`. */
export async function pgAnswers(pgUrl: string, deadline_ms: number): Promise<boolean> {
  const socket = new Socket()
  const client = new pg.Client({ connectionString: pgUrl, stream: () => socket })
  client.on('error', () => {})
  // Client.end() waits for ever on a wedged server; without its socket every pending call fails.
  const timer = setTimeout(() => socket.destroy(), deadline_ms)
  const answered = await client
    .connect()
    .then(() => client.query('SELECT 1'))
    .then(
      () => true,
      () => false,
    )
  clearTimeout(timer)
  socket.destroy()
  return answered
}
