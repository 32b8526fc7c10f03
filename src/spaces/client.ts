import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { LookupFunction } from 'node:net'
import { S3Client } from '@aws-sdk/client-s3'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import type { Secret } from '../secret.ts'
import { checkLiteralAddress, createGuardedLookup } from './guarded-lookup.ts'

/** How to reach one object store. */
export interface SpacesAccess {
  endpoint: string
  region: string
  key: string
  secret: Secret
  /** `endpoint/bucket/key` and not `bucket.endpoint/key`: for what is no Spaces host. */
  pathStyle: boolean
  /** A caller named it, and the operator does not vouch for it: only public addresses are connected to. */
  guarded?: boolean
}

/** A client of one object store; only this room knows its kind. */
export type SpacesClient = S3Client

/**
 * A client that gives up on a silent server, follows no redirect, uses no proxy, and adds no checksum that S3
 * look-alikes refuse. What it throws says in `endpoint` where it was. `lookup` is for guarded access.
 */
export function createSpacesClient(
  { endpoint, region, key, secret, pathStyle, guarded = false }: SpacesAccess,
  lookup: LookupFunction = createGuardedLookup(),
): SpacesClient {
  if (guarded) checkLiteralAddress(endpoint)
  const agent = { keepAlive: true, maxSockets: 50, ...(guarded && { lookup }) }
  const client = new S3Client({
    endpoint,
    region,
    credentials: { accessKeyId: key, secretAccessKey: secret.reveal() },
    forcePathStyle: pathStyle,
    followRegionRedirects: false,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 3,
    // Bun's fetch would obey HTTP_PROXY; node:http does not.
    requestHandler: new NodeHttpHandler({
      httpAgent: new HttpAgent(agent),
      httpsAgent: new HttpsAgent(agent),
      connectionTimeout: 5_000,
      requestTimeout: 30_000,
      throwOnRequestTimeout: true,
      socketTimeout: 30_000,
    }),
  })
  client.middlewareStack.add(
    (next) => (args) =>
      next(args).catch((error: unknown) => {
        throw error instanceof Error ? Object.assign(error, { endpoint }) : error
      }),
    { step: 'initialize', name: 'sayWhere' },
  )
  return client
}
