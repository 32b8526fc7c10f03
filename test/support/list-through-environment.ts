// A run of its own, as Bun reads the proxy variables once: lists a bucket at http://127.0.0.1:PORT and at https, argv[2], then fetches.
import { Secret } from '../../src/secret.ts'
import { createSpacesClient } from '../../src/spaces/client.ts'
import { listObjects } from '../../src/spaces/list.ts'

const port = process.argv[2] ?? ''
const access = { region: 'us-east-1', key: 'k', secret: new Secret('s'), pathStyle: true }
const lookup = (
  _host: string,
  _options: object,
  found: (e: null, all: { address: string; family: number }[]) => void,
) => found(null, [{ address: '127.0.0.1', family: 4 }])
for (const [endpoint, guarded] of [
  [`http://127.0.0.1:${port}`, false],
  [`http://spaces.invalid:${port}`, true],
  [`https://spaces.invalid:${port}`, true],
] as const) {
  const client = createSpacesClient({ ...access, endpoint, guarded }, lookup)
  await Array.fromAsync(listObjects(client, { bucket: 'logs', prefix: '' })).catch(() => {})
}
await fetch(`http://127.0.0.1:${port}/fetched`).catch(() => {})
