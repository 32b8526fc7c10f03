import { Secret } from '../../src/secret.ts'
import { createSpacesClient } from '../../src/spaces/client.ts'
import type { SpacesClient } from '../../src/spaces/client.ts'

/** A client of a server of the test's own, which does not look at who asks. */
export function loopbackClient(port: number | undefined): SpacesClient {
  return createSpacesClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    key: 'k',
    secret: new Secret('s'),
    pathStyle: true,
  })
}
