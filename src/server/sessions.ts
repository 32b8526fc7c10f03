import { randomBytes } from 'node:crypto'
import { InvalidError } from '../errors.ts'
import type { Secret } from '../secret.ts'
import type { GivenCredentials } from './given-credentials.ts'
import { comesFromOtherSite, comesFromOwnPage } from './own-page.ts'

/** What a session may do is asked anew for every request: it is a way to send credentials, and no right of its own. */
export type Identity =
  | { kind: 'admin' }
  | { kind: 'caller' | 'demo'; given: Omit<GivenCredentials, 'spaces_secret'>; secret: Secret }

export interface Session {
  identity: Identity
  /** When it ends if nobody asks any more, in milliseconds since the epoch. */
  expires_ms: number
}

/** Who has signed in, in memory only. */
export interface Sessions {
  /** Begins one; gives the text of its cookie. */
  begin(identity: Identity): { id: string; session: Session }
  /**
   * The session that a request comes with, kept alive by that. Null where it has ended, where the request carries
   * credentials in headers, which go first, where a page of another site asks, or where it changes something and does
   * not come from a page of our own.
   */
  of(request: Request): Session | null
  /** Ends the session of this request. */
  end(request: Request): void
}

export interface SessionsOptions {
  now?: () => number
  idle_ms?: number
  /** Of each kind, so that visitors of the demo push out nobody else; the one idle for longest goes first. */
  capacity?: number
  /** Of one Spaces key, so that its holder pushes out nobody else. */
  capacity_of_key?: number
}

const cookie = 'spacewatch_session'
const ownHeaders = ['x-api-key', 'x-spaces-key', 'x-spaces-secret']
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

export function createSessions({
  now = Date.now,
  idle_ms = 15 * 60_000,
  capacity = 2_000,
  capacity_of_key = 50,
}: SessionsOptions = {}): Sessions {
  // In the order of last use.
  const sessions = new Map<string, Session>()

  function forgetEnded(): void {
    for (const [id, { expires_ms }] of sessions) {
      if (expires_ms > now()) break
      sessions.delete(id)
    }
  }

  function makeRoom(identity: Identity): void {
    const same = [...sessions].filter(([, session]) => session.identity.kind === identity.kind)
    endOldest(same, capacity)
    if (identity.kind === 'caller')
      endOldest(
        same.filter(([, session]) => isOfKey(session.identity, identity.given)),
        capacity_of_key,
      )
  }

  function endOldest(all: readonly [string, Session][], most: number): void {
    for (const [id] of all.slice(0, Math.max(0, all.length - most + 1))) sessions.delete(id)
  }

  function find(request: Request): [string, Session] | null {
    forgetEnded()
    const id = sessionId(request)
    const session = id === null ? undefined : sessions.get(id)
    return id !== null && session ? [id, session] : null
  }

  return {
    begin(identity) {
      forgetEnded()
      makeRoom(identity)
      const id = randomBytes(32).toString('base64url')
      const session = { identity, expires_ms: now() + idle_ms }
      sessions.set(id, session)
      return { id, session }
    },
    of(request) {
      if (ownHeaders.some((name) => request.headers.has(name))) return null
      if (comesFromOtherSite(request)) return null
      if (!safeMethods.has(request.method) && comesFromOwnPage(request) !== true) return null
      const found = find(request)
      if (!found) return null
      const [id, session] = found
      session.expires_ms = now() + idle_ms
      sessions.delete(id)
      sessions.set(id, session)
      return session
    },
    end(request) {
      const id = sessionId(request)
      if (id !== null) sessions.delete(id)
    },
  }
}

function isOfKey(identity: Identity, { spaces_key, endpoint }: GivenCredentials): boolean {
  if (identity.kind !== 'caller') return false
  return identity.given.spaces_key === spaces_key && identity.given.endpoint === endpoint
}

/** What a browser is to keep; an empty `id` makes it forget. */
export function sessionCookie(id: string, secure: boolean): string {
  const rest = `Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`
  return `${cookie}=${id}; ${rest}${id === '' ? '; Max-Age=0' : ''}`
}

/** What a request comes with that names a session, whether there is one or not. */
export function sessionId({ headers }: Request): string | null {
  return new RegExp(`(?:^|; ?)${cookie}=([\\w-]{1,64})(?:;|$)`).exec(headers.get('cookie') ?? '')?.[1] ?? null
}

/** Refuses a request without credentials; says more where it came with a session. */
export function unauthorized(request: Request, message: string, hint: string): InvalidError {
  if (sessionId(request) === null || ownHeaders.some((name) => request.headers.has(name)))
    return new InvalidError(message, hint, 'unauthorized')
  return new InvalidError(
    'Cannot answer in this session: it has ended, may not do this, or the request comes from another site',
    'sign in again',
    'unauthorized',
  )
}
