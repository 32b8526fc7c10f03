import { signal } from '@preact/signals'
import { ask } from './api.ts'

/** Who the page may ask for; the credentials themselves stay with the server. */
export interface Session {
  kind: 'none' | 'caller' | 'admin' | 'demo'
  log_bucket?: string | null
  log_prefix?: string | null
  region?: string | null
  endpoint?: string | null
  expires_at?: string
  demo_available?: boolean
  agent_available?: boolean
}

/** Null until the server has said. */
export const session = signal<Session | null>(null)
/** Why the page had to ask for credentials again. */
export const sessionNote = signal('')

export async function loadSession(): Promise<void> {
  session.value = await ask<Session>('/session').catch((): Session => ({ kind: 'none' }))
}

export async function signIn(body: Record<string, string | boolean>): Promise<void> {
  await ask<Session>('/session', { method: 'POST', body })
  sessionNote.value = ''
  await loadSession()
}

export async function signOut(note = ''): Promise<void> {
  await ask('/session', { method: 'DELETE' }).catch(() => {})
  await loadSession()
  sessionNote.value = note
}

/** Says that the server knows this page no more, as after fifteen idle minutes. */
export function sessionLost(): void {
  if (session.value === null || session.value.kind === 'none') return
  session.value = { ...session.value, kind: 'none' }
  sessionNote.value = 'The session has ended. Connect again to go on.'
}
