import { createServer } from '../../src/server/server.ts'
import type { ServerOptions } from '../../src/server/server.ts'
import { createServices } from '../../src/services.ts'
import type { ServicesOptions } from '../../src/services.ts'

/** What services and server take together. */
export type AppOptions = ServicesOptions & Omit<ServerOptions, 'services'>

/** A server with services of its own, as main.ts puts them together. */
export function createApp(options: AppOptions) {
  return createServer({ ...options, services: createServices(options) })
}
