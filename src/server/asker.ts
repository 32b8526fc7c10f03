import { createHash } from 'node:crypto'
import type { Asker } from '../agent/agent.ts'
import type { StorageReads } from '../agent/storage-reads.ts'
import { unauthorized } from './sessions.ts'
import type { HasApiKey } from './auth.ts'
import { namesCaller } from './caller.ts'
import type { Caller, Callers } from './caller.ts'
import type { GivenCredentials } from './given-credentials.ts'

/** Says for whom tools run: by credentials of a body, the API key, a session, or credentials in headers, in this order. */
export type FindAsker = (request: Request, body?: GivenCredentials) => Promise<Omit<Asker, 'signal'>>

export interface AskerOptions {
  hasApiKey: HasApiKey
  callers: Callers
  storageReads: (caller: Caller) => StorageReads
}

/** Throws InvalidError without credentials, and what `Callers.identify` throws. */
export function createFindAsker({ hasApiKey, callers, storageReads }: AskerOptions): FindAsker {
  return async (request, body = {}) => {
    const inBody = Boolean(body.key || body.secret)
    if (!inBody && hasApiKey(request))
      return { scope: null, name: 'admin', owner: 'admin', payer: 'admin', storage: null }
    if (!inBody && !namesCaller(request, callers)) {
      throw unauthorized(
        request,
        'Cannot answer without credentials',
        'send spaces_key, spaces_secret and log_bucket in the body, or X-Spaces-Key, X-Spaces-Secret and X-Log-Bucket, or X-API-Key',
      )
    }
    const caller = inBody ? await callers.identify(request, body) : await callers.identifyRequest(request)
    const owner = ownerOf(caller)
    const { scope, name } = caller
    return { scope, name, owner, payer: scope[0] ?? owner, storage: storageReads(caller) }
  }
}

/** Of whoever has the same credentials; a hash, as it is kept as long as conversations are. */
function ownerOf({ access: { endpoint, key, secret }, logs }: Caller): string {
  return createHash('sha256')
    .update(JSON.stringify([endpoint, key, secret.reveal(), logs]))
    .digest('hex')
}
