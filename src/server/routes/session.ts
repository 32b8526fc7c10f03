import type { BodyOf } from '../../api/endpoint.ts'
import type { Endpoints } from '../../api/endpoints.ts'
import { InvalidError, UnavailableError } from '../../errors.ts'
import { Secret } from '../../secret.ts'
import type { SourceConfig } from '../../source-config.ts'
import { createAttempts } from '../../spaces/attempts.ts'
import { findBuckets } from '../../spaces/buckets.ts'
import type { IsApiKey } from '../api-key.ts'
import type { Callers } from '../caller.ts'
import type { ClientAddress } from '../client-address.ts'
import type { GivenCredentials } from '../given-credentials.ts'
import { comesFromOwnPage } from '../own-page.ts'
import type { Route } from '../router.ts'
import { sessionCookie } from '../sessions.ts'
import type { Identity, Session, Sessions } from '../sessions.ts'

export interface SessionRoutesOptions {
  isApiKey: IsApiKey
  callers: Callers
  sessions: Sessions
  clientAddress: ClientAddress
  /** The demo's log source, null until it can be read; undefined where there is no demo. */
  demo: (() => SourceConfig | null) | undefined
  /** How far the making of the demo is, for people. */
  demoProgress: () => string
  agent_available: boolean
  now: () => number
}

type SignIn = BodyOf<Endpoints['POST /session']>

// What fails in another way tells nothing about any credentials.
const guesses = new Set(['unauthorized', 'bad_credentials', 'forbidden'])
const failuresOfClient = { most: 10, per_ms: 60_000, capacity: 10_000 }

/** `/session`: signing in with Spaces credentials, the API key, or for the demo; a cookie then stands for them. */
export function sessionRoutes(route: Route, options: SessionRoutesOptions): void {
  const { isApiKey, callers, sessions, clientAddress, demo, demoProgress, agent_available, now } = options
  const attempts = createAttempts({ ...failuresOfClient, now })
  const available = { demo_available: demo !== undefined, agent_available }

  async function identify(address: string, body: SignIn): Promise<Identity> {
    const { api_key, demo: wantsDemo, ...given } = body
    const ways = [api_key !== undefined, wantsDemo === true, Object.keys(given).length > 0]
    if (ways.filter(Boolean).length !== 1)
      throw new InvalidError(
        'Cannot sign in: it takes spaces_key with spaces_secret, or api_key, or demo',
        'send one of the three',
      )
    if (api_key !== undefined) {
      if (isApiKey(api_key)) return { kind: 'admin' }
      throw new InvalidError('Cannot sign in: the API key is wrong', 'check APP_API_KEY', 'unauthorized')
    }
    return wantsDemo === true ? identifyDemo() : identifyCaller(address, given)
  }

  function identifyDemo(): Identity {
    if (!demo)
      throw new InvalidError('Cannot sign in to the demo: there is none', 'start with DEMO=on', 'not_found')
    const source = demo()
    if (!source)
      throw new UnavailableError(
        `Cannot sign in to the demo: it is still being made (${demoProgress()})`,
        'try again in a few seconds; the first start takes some minutes',
        { code: 'demo_starting' },
      )
    const { endpoint, region, key, secret, bucket, prefix } = source
    const given = { endpoint, region, spaces_key: key, log_bucket: bucket, log_prefix: prefix }
    return { kind: 'demo', given, secret }
  }

  async function identifyCaller(address: string, given: GivenCredentials): Promise<Identity> {
    const caller = await callers.identify(given, { address })
    // Without a log bucket nothing has been proven so far.
    if (!caller.logs) {
      const { can_list } = await caller.turn((client, signal) =>
        findBuckets(client, { named: [], seen: [] }, signal),
      )
      if (!can_list)
        throw new InvalidError(
          'Cannot tell whether the key is right: it may not list buckets, and no log bucket is named',
          'name a bucket that it may read with log_bucket',
          'forbidden',
        )
    }
    const { spaces_secret = '', log_prefix = '', ...rest } = given
    const { endpoint, region } = caller.access
    return {
      kind: 'caller',
      given: { ...rest, log_prefix, endpoint, region },
      secret: new Secret(spaces_secret),
    }
  }

  route('POST /session', async ({ body, request, principal: { address }, set }) => {
    if (comesFromOwnPage(request) === false)
      throw new InvalidError('Cannot sign in from another site', 'open SpaceWatch itself', 'forbidden')
    attempts.check(address)
    const identity = await identify(address, body).catch((error: unknown) => {
      if (error instanceof InvalidError && guesses.has(error.code)) attempts.failed(address)
      throw error
    })
    sessions.end(request)
    const { id, session: begun } = sessions.begin(identity)
    set.headers['set-cookie'] = sessionCookie(id, clientAddress.isSecure(request))
    return { ...shown(begun), ...available }
  })
  route('GET /session', ({ principal: { session } }) =>
    session ? { ...shown(session), ...available } : { kind: 'none', ...available },
  )
  route('DELETE /session', ({ request, set }) => {
    // A page of another site may not sign anybody out.
    if (comesFromOwnPage(request) !== false) {
      sessions.end(request)
      set.headers['set-cookie'] = sessionCookie('', clientAddress.isSecure(request))
    }
    return { kind: 'none', ...available }
  })
}

function shown({ identity, expires_ms }: Session) {
  const { log_bucket, log_prefix, region, endpoint } = identity.kind === 'admin' ? {} : { ...identity.given }
  return {
    kind: identity.kind,
    log_bucket: log_bucket || null,
    log_prefix: log_prefix ?? null,
    region: region ?? null,
    endpoint: endpoint ?? null,
    expires_at: new Date(expires_ms).toISOString(),
  }
}
