import { signal } from '@preact/signals'
import { ask } from './api.ts'
import type { AnswerTo, Asking } from './api.ts'

/** Who the page may ask for; the credentials themselves stay with the server. */
export type Session = AnswerTo<'GET /session'>

const nobody: Session = { kind: 'none', demo_available: false, agent_available: false }

/** Null until the server has said. */
export const session = signal<Session | null>(null)
/** Why the page had to ask for credentials again. */
export const sessionNote = signal('')

export async function loadSession(): Promise<void> {
  session.value = await ask('GET /session').catch((): Session => nobody)
}

export async function signIn(body: NonNullable<Asking<'POST /session'>['body']>): Promise<void> {
  await ask('POST /session', { body })
  sessionNote.value = ''
  await loadSession()
}

export async function signOut(): Promise<void> {
  await ask('DELETE /session').catch(() => {})
  await loadSession()
  sessionNote.value = ''
}

/** Says that the server knows this page no more, as after fifteen idle minutes. */
export function sessionLost(): void {
  if (session.value === null || session.value.kind === 'none') return
  const { demo_available, agent_available } = session.value
  session.value = { kind: 'none', demo_available, agent_available }
  sessionNote.value = 'The session has ended. Connect again to go on.'
}
