import type { SpacesClient } from '../../src/spaces/client.ts'
import { loopbackClient } from './loopback-client.ts'

export interface ListingServer {
  client: SpacesClient
  /** The bucket: key -> version. */
  objects: Map<string, { etag: string; modified_ms: number }>
  /** Of each request: its prefix, and after which key it began. */
  asked: { prefix: string; after: string }[]
  /** Answers 503 while true. */
  away: boolean
  stop(): Promise<void>
}

/** Speaks just enough S3 to list a bucket of any size that is made in no time, in pages of 1,000. */
export function startListingServer(): ListingServer {
  const objects: ListingServer['objects'] = new Map()
  const asked: ListingServer['asked'] = []
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch({ url }) {
      if (state.away) return new Response('<Error><Code>SlowDown</Code></Error>', { status: 503 })
      const query = new URL(url).searchParams
      const prefix = query.get('prefix') ?? ''
      const after = query.get('continuation-token') ?? query.get('start-after') ?? ''
      asked.push({ prefix, after })
      const found = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).toSorted()
      const page = found.slice(0, 1_000)
      const more = found.length > page.length
      const contents = page.map((key) => {
        const { etag = '', modified_ms = 0 } = objects.get(key) ?? {}
        const time = new Date(modified_ms).toISOString()
        return `<Contents><Key>${encodeURIComponent(key)}</Key><ETag>"${etag}"</ETag><Size>1</Size><LastModified>${time}</LastModified></Contents>`
      })
      const token = more ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : ''
      return new Response(
        `<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>${more}</IsTruncated>${token}${contents.join('')}</ListBucketResult>`,
      )
    },
  })
  const client = loopbackClient(server.port)
  const state = { client, objects, asked, away: false, stop: () => server.stop(true) }
  return state
}
