import { createHash } from 'node:crypto'
import type { Asker } from '../agent/question.ts'
import type { StorageReads } from '../agent/storage-reads.ts'
import type { InvalidError } from '../errors.ts'
import type { Scope } from '../metrics/filter.ts'
import type { IsApiKey } from './api-key.ts'
import type { Caller, Callers } from './caller.ts'
import type { ClientAddress, Listening } from './client-address.ts'
import { clientBlock } from './client-network.ts'
import { credentialsFromHeaders } from './given-credentials.ts'
import type { GivenCredentials } from './given-credentials.ts'
import type { OperatorScope } from './operator-scope.ts'
import { unauthorized } from './sessions.ts'
import type { Session, Sessions } from './sessions.ts'

/** Who asks: decided once for each request, and carried with it. */
export interface Principal {
  kind: 'nobody' | 'operator' | 'caller' | 'demo'
  session: Session | null
  /** Where it comes from, as refused credentials are counted by. */
  address: string
  /** Whose requests are counted together; who has signed in, or has the API key, may do more. */
  limits(): { name: string; signed_in: boolean }
  /** Whose rows were read: `admin`, or the log source that was proven; null while nothing was. */
  source(): string | null
  /** What it comes with. Throws InvalidError where that is nothing. */
  given(): GivenCredentials
  /** Proves what it comes with, once. Throws InvalidError without credentials, and what `Callers.identify` throws. */
  caller(): Promise<Caller>
  /** Whose rows it may read: of the credentials in a body, of the API key, of the session or headers, in this order. */
  reader(inBody?: GivenCredentials): Promise<Reader>
}

/** Whose rows may be read, and all that is counted by that. `caller` is null for the operator. */
export interface Reader extends Omit<Asker, 'signal'> {
  caller: Caller | null
  /** Runs what reads rows when it is its turn. */
  inTurn: <T>(work: () => Promise<T>) => Promise<T>
}

export interface Principals {
  of(request: Request, server?: Listening | null): Principal
}

export interface PrincipalsOptions {
  isApiKey: IsApiKey
  callers: Callers
  sessions: Sessions
  clientAddress: ClientAddress
  storageReads: (caller: Caller) => StorageReads
  operatorScope: OperatorScope
}

export function createPrincipals(options: PrincipalsOptions): Principals {
  const { isApiKey, callers, sessions, clientAddress, storageReads, operatorScope } = options
  const known = new WeakMap<Request, Principal>()

  function resolve(request: Request, server: Listening | null): Principal {
    const { headers } = request
    const address = clientBlock(clientAddress.of(request, server)) ?? ''
    const session = sessions.of(request)
    const apiKey = headers.get('x-api-key')
    const kind = kindOf(apiKey)
    let source = kind === 'operator' ? 'admin' : null
    let proof: Promise<Caller> | null = null

    function kindOf(apiKey: string | null): Principal['kind'] {
      if (apiKey !== null) return isApiKey(apiKey) ? 'operator' : 'nobody'
      if (session) return session.identity.kind === 'admin' ? 'operator' : session.identity.kind
      return headers.has('x-spaces-key') || headers.has('x-spaces-secret') ? 'caller' : 'nobody'
    }

    function limits(): ReturnType<Principal['limits']> {
      // Visitors of the demo need nothing to get a session, so all of one address count as one.
      if (kind === 'demo') return { name: `demo ${address}`, signed_in: true }
      if (kind === 'operator') return { name: `admin ${address}`, signed_in: true }
      const identity = session?.identity
      if (identity?.kind === 'caller')
        return { name: `session ${identity.given.spaces_key} ${address}`, signed_in: true }
      const proven = callers.provenBefore(headers)
      return {
        name: proven === null ? `address ${address}` : `caller ${proven} ${address}`,
        signed_in: false,
      }
    }

    function given(): GivenCredentials {
      const identity = session?.identity
      if (identity && identity.kind !== 'admin')
        return { ...identity.given, spaces_secret: identity.secret.reveal() }
      const sent = credentialsFromHeaders(headers)
      if (!sent.spaces_key || !sent.spaces_secret) throw missingCredentials(request, sent)
      return sent
    }

    async function prove(credentials: GivenCredentials): Promise<Caller> {
      const caller = await callers.identify(credentials, { address, read_only: kind === 'demo' })
      source = caller.scope[0] ?? source
      return caller
    }
    // What is decided here is decided before the first await, so that no two ask twice.
    const caller = async (): Promise<Caller> => (proof ??= prove(given()))

    return {
      kind,
      session,
      address,
      limits,
      source: () => source,
      given,
      caller,
      async reader(inBody) {
        if (inBody) return readerOf(await prove(inBody))
        if (kind === 'operator') return operator(await operatorScope())
        if (kind === 'nobody') {
          throw unauthorized(
            request,
            'Cannot answer without the right API key',
            'send it in the header X-API-Key; or send Spaces credentials: X-Spaces-Key, X-Spaces-Secret and X-Log-Bucket',
          )
        }
        return readerOf(await caller())
      },
    }
  }

  function operator(scope: Scope): Reader {
    return {
      scope,
      turns_of: 'admin',
      owner: 'admin',
      payer: 'admin',
      storage: null,
      caller: null,
      inTurn: callers.operatorTurn,
    }
  }

  function readerOf(caller: Caller): Reader {
    const owner = ownerOf(caller)
    const { scope, name } = caller
    return {
      scope,
      turns_of: name,
      owner,
      payer: scope[0] ?? owner,
      storage: storageReads(caller),
      caller,
      inTurn: (work) => caller.turn(() => work()),
    }
  }

  return {
    of(request, server = null) {
      const before = known.get(request)
      if (before) return before
      const principal = resolve(request, server)
      known.set(request, principal)
      return principal
    },
  }
}

/** Of whoever has the same credentials; a hash, as it is kept as long as conversations are. */
function ownerOf({ access: { endpoint, key, secret }, logs }: Caller): string {
  return createHash('sha256')
    .update(JSON.stringify([endpoint, key, secret.reveal(), logs]))
    .digest('hex')
}

function missingCredentials(request: Request, sent: GivenCredentials): InvalidError {
  const names = [
    ...(sent.spaces_key ? [] : ['X-Spaces-Key']),
    ...(sent.spaces_secret ? [] : ['X-Spaces-Secret']),
  ]
  return unauthorized(
    request,
    `Cannot answer without Spaces credentials: ${names.join(' and ')} ${names.length > 1 ? 'are' : 'is'} missing`,
    'send an access key in X-Spaces-Key and its secret in X-Spaces-Secret',
  )
}
