import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, request } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'

/** Each holds what stands before it: `full` is also the bucket's ACL, logging and the rest of its settings. */
const rights = ['list', 'read', 'write', 'full'] as const
export type Right = (typeof rights)[number]

/** What one access key may do. */
export interface Identity {
  secret: string
  /** The account that the key belongs to. */
  owner: string
  /** By bucket name; `*` is for all others. */
  buckets: Record<string, Right>
  /** Whether ListBuckets answers, with the account's buckets. Default: no, as for a limited key. */
  listBuckets?: boolean
}

/** A request that was heard, whether it was answered well or not. */
export interface HeardRequest {
  key: string
  method: string
  bucket: string
  url: string
  status: number
}

export interface S3Identities {
  /** For clients with path-style addresses. */
  endpoint: string
  heard: HeardRequest[]
  /** Adds a key or gives it other rights, from the next request on. */
  allow(key: string, identity: Identity): void
  revoke(key: string): void
  /** Says whose a bucket is and that it was made now: what its ACL and ListBuckets then tell. */
  own(bucket: string, owner: string): void
  /** Says where a bucket's access logs are delivered to; null: nowhere. The real server has no such setting. */
  logging(bucket: string, target: { bucket: string; prefix: string } | null): void
  /** A fault that a request meets instead of an answer; null: none. */
  fault: (request: HeardRequest) => { status: number; code: string } | null
  /** While set, every request waits for it. */
  hold: Promise<void> | null
  close(): Promise<void>
}

/** Stands before a real S3 server that knows one key: checks AWS Signature Version 4 for many, with rights by bucket, and signs anew. */
export async function startS3Identities(upstream: {
  endpoint: string
  accessKey: string
  secretKey: string
}): Promise<S3Identities> {
  const identities = new Map<string, Identity>()
  const owners = new Map<string, { owner: string; created: string }>()
  const loggings = new Map<string, { bucket: string; prefix: string } | null>()
  const { host: upstreamHost, hostname, port } = new URL(upstream.endpoint)

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/', headers } = incoming
    const signed = parseAuthorization(headers.authorization ?? '')
    const { bucket, key: object, query } = parseUrl(url)
    const heard = { key: signed?.key ?? '', method, bucket, url, status: 0 }
    front.heard.push(heard)
    const body = Buffer.concat(await Array.fromAsync(incoming))
    await front.hold

    const reply = (status: number, xml: string): void => {
      heard.status = status
      response.writeHead(status, {
        'content-type': 'application/xml',
        'content-length': Buffer.byteLength(xml),
      })
      response.end(method === 'HEAD' ? undefined : xml)
    }
    const refuse = (status: number, code: string): void =>
      reply(status, `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`)

    const fault = front.fault(heard)
    if (fault) return refuse(fault.status, fault.code)
    const identity = identities.get(heard.key)
    if (!signed) return refuse(403, 'AccessDenied')
    if (!identity) return refuse(403, 'InvalidAccessKeyId')
    const said = { method, url, headers, signedHeaders: signed.headers, scope: signed.scope }
    const payload = headers['x-amz-content-sha256']
    const wrongBody = /^[0-9a-f]{64}$/.test(String(payload)) && payload !== sha256(body)
    if (wrongBody || !sameText(signed.signature, signatureOf(said, identity.secret)))
      return refuse(403, 'SignatureDoesNotMatch')
    if (!withinSkew(String(headers['x-amz-date']))) return refuse(403, 'RequestTimeTooSkewed')

    if (bucket === '') {
      if (!identity.listBuckets) return refuse(403, 'AccessDenied')
      const all = [...owners].filter(([, { owner }]) => owner === identity.owner)
      const buckets = all.map(
        ([name, { created }]) =>
          `<Bucket><Name>${name}</Name><CreationDate>${created}</CreationDate></Bucket>`,
      )
      return reply(
        200,
        `<ListAllMyBucketsResult><Owner><ID>${identity.owner}</ID></Owner><Buckets>${buckets.join('')}</Buckets></ListAllMyBucketsResult>`,
      )
    }
    const copied = parseUrl(
      decodeURIComponent(String(headers['x-amz-copy-source'] ?? '')).replace(/^\/?/, '/'),
    ).bucket
    const may = (name: string, right: Right): boolean =>
      rights.indexOf(identity.buckets[name] ?? identity.buckets['*'] ?? ('' as Right)) >=
      rights.indexOf(right)
    if (!may(bucket, neededRight(method, object, query)) || (copied && !may(copied, 'read')))
      return refuse(403, 'AccessDenied')
    const owned = owners.get(bucket)
    if (owned && query.has('acl') && object === '' && method === 'GET')
      return reply(
        200,
        `<AccessControlPolicy><Owner><ID>${owned.owner}</ID></Owner><AccessControlList></AccessControlList></AccessControlPolicy>`,
      )
    const target = loggings.get(bucket)
    if (target !== undefined && query.has('logging') && method === 'GET')
      return reply(
        200,
        `<BucketLoggingStatus>${target ? `<LoggingEnabled><TargetBucket>${target.bucket}</TargetBucket><TargetPrefix>${target.prefix}</TargetPrefix></LoggingEnabled>` : ''}</BucketLoggingStatus>`,
      )
    heard.status = await forward(method, url, headers, body, response)
  }

  function forward(
    method: string,
    url: string,
    headers: IncomingHttpHeaders,
    body: Buffer,
    response: ServerResponse,
  ): Promise<number> {
    const { authorization: _, expect: __, connection: ___, ...rest } = headers
    const own = { ...rest, host: upstreamHost, 'content-length': String(body.length) }
    const signedHeaders = Object.keys(own)
      .filter((name) => name === 'host' || name.startsWith('x-amz-'))
      .toSorted()
    const date = String(headers['x-amz-date']).slice(0, 8)
    const scope = `${date}/us-east-1/s3/aws4_request`
    const signature = signatureOf({ method, url, headers: own, signedHeaders, scope }, upstream.secretKey)
    const authorization = `AWS4-HMAC-SHA256 Credential=${upstream.accessKey}/${scope}, SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}`
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    const outgoing = request(
      { hostname, port, method, path: url, headers: { ...own, authorization } },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
        answer.on('end', () => resolve(answer.statusCode ?? 502))
        answer.on('error', reject)
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
    return promise
  }

  const server = createServer((incoming, response) => {
    serve(incoming, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const front: S3Identities = {
    endpoint: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    heard: [],
    allow: (key, identity) => void identities.set(key, identity),
    revoke: (key) => void identities.delete(key),
    logging: (bucket, target) => void loggings.set(bucket, target),
    own: (bucket, owner) => void owners.set(bucket, { owner, created: new Date().toISOString() }),
    fault: () => null,
    hold: null,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return front
}

/** What a signature covers. */
interface Signed {
  method: string
  url: string
  headers: IncomingHttpHeaders
  signedHeaders: readonly string[]
  /** `20261124/us-east-1/s3/aws4_request` */
  scope: string
}

/** AWS Signature Version 4, as https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html tells it. */
function signatureOf({ method, url, headers, signedHeaders, scope }: Signed, secret: string): string {
  const [path = '/', query = ''] = url.split('?', 2)
  const pairs = query.split('&').filter(Boolean)
  const canonical = [
    method,
    path,
    pairs
      .map((pair) => (pair.includes('=') ? pair : `${pair}=`))
      .toSorted()
      .join('&'),
    ...signedHeaders.map(
      (name) =>
        `${name}:${String(headers[name] ?? '')
          .trim()
          .replace(/ +/g, ' ')}`,
    ),
    '',
    signedHeaders.join(';'),
    String(headers['x-amz-content-sha256']),
  ].join('\n')
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n')
  let key: string | Buffer = `AWS4${secret}`
  for (const part of scope.split('/')) key = createHmac('sha256', key).update(part).digest()
  return createHmac('sha256', key).update(toSign).digest('hex')
}

function parseAuthorization(
  text: string,
): { key: string; scope: string; headers: string[]; signature: string } | null {
  const [, key = '', scope = '', headers = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\S+), ?SignedHeaders=(\S+), ?Signature=(\w+)$/.exec(text) ?? []
  return key && headers.split(';').includes('host')
    ? { key, scope, headers: headers.split(';'), signature }
    : null
}

function parseUrl(url: string): { bucket: string; key: string; query: URLSearchParams } {
  const [path = '/', query = ''] = url.split('?', 2)
  const [, bucket = '', ...key] = path.split('/')
  return { bucket, key: key.join('/'), query: new URLSearchParams(query) }
}

const settings = [
  'acl',
  'logging',
  'policy',
  'lifecycle',
  'cors',
  'tagging',
  'versioning',
  'website',
  'publicAccessBlock',
]

function neededRight(method: string, object: string, query: URLSearchParams): Right {
  if (settings.some((name) => query.has(name))) return 'full'
  if (method !== 'GET' && method !== 'HEAD') return object === '' && !query.has('delete') ? 'full' : 'write'
  return object === '' ? 'list' : 'read'
}

function withinSkew(date: string): boolean {
  const iso = date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z')
  return Math.abs(Date.parse(iso) - Date.now()) < 15 * 60_000
}

function sameText(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex')
}
