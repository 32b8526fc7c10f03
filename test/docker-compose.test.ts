import { expect, test } from 'bun:test'
import { parse } from 'yaml'
import { readConfig } from '../src/config.ts'
import { variables } from '../src/variables.ts'

interface Service {
  image?: string
  build?: { dockerfile_inline: string }
  ports?: string[]
  environment: Record<string, string>
  profiles?: string[]
  healthcheck?: { test: string[] }
}

const text = await Bun.file(new URL('../docker-compose.yml', import.meta.url)).text()
const { services }: { services: Record<'questdb' | 'spacewatch' | 's3', Service> } = parse(text)
const { questdb, spacewatch } = services

test('docker-compose.yml sets only variables that are read, and they are good', () => {
  expect(Object.keys(variables)).toContainValues(Object.keys(spacewatch.environment))
  const config = readConfig(spacewatch.environment)
  expect(config).toMatchObject({ host: '0.0.0.0', port: 8000, demo: null, warnings: [] })
  expect(config.questdb).not.toBeNull()
})

test('every published port is bound to loopback', () => {
  const ports = Object.values(services).flatMap((service) => service.ports ?? [])
  expect(ports).toHaveLength(3)
  for (const port of ports) expect(port).toStartWith('127.0.0.1:')
})

test('QuestDB is closed: own users, read-only pg, nothing created, copied or reported by itself', () => {
  expect(questdb.environment).toMatchObject({
    QDB_HTTP_USER: 'spacewatch',
    QDB_PG_USER: 'spacewatch',
    QDB_PG_SECURITY_READONLY: 'true',
    QDB_LINE_AUTO_CREATE_NEW_TABLES: 'false',
    QDB_LINE_AUTO_CREATE_NEW_COLUMNS: 'false',
    QDB_CAIRO_SQL_COPY_ROOT: '',
    QDB_CAIRO_SQL_COPY_EXPORT_ROOT: '',
    QDB_TELEMETRY_ENABLED: 'false',
  })
  for (const name of ['QDB_HTTP_PASSWORD', 'QDB_PG_PASSWORD'])
    expect(questdb.environment[name]).toStartWith('${QUESTDB_PASSWORD:?')
})

test('the image runs the Bun of the lockfile, not as root, and copies files that exist', async () => {
  const dockerfile = spacewatch.build?.dockerfile_inline ?? ''
  const { packages } = await Bun.file(new URL('../package-lock.json', import.meta.url)).json()
  expect(dockerfile).toStartWith(`FROM oven/bun:${packages['node_modules/bun'].version}-slim\n`)
  expect(dockerfile.indexOf('USER bun')).toBeGreaterThan(dockerfile.lastIndexOf('RUN'))
  const copied = [...dockerfile.matchAll(/^COPY (.+) \S+$/gm)].flatMap(([, names]) => names?.split(' ') ?? [])
  expect(copied).toContain('src')
  for (const name of copied)
    expect([
      name,
      await Bun.file(new URL(`../${name}`, import.meta.url))
        .stat()
        .then(
          () => true,
          () => false,
        ),
    ]).toEqual([name, true])
})

test('the health check succeeds for a live server alone', async () => {
  const [, , ...args] = spacewatch.healthcheck?.test ?? []
  using server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: ({ url }) => new Response(null, { status: url.endsWith('/health/live') ? 200 : 404 }),
  })
  const check = (port: number) =>
    Bun.spawn([process.execPath, ...args.map((arg) => arg.replace('8000', `${port}`))]).exited
  expect(await check(server.port ?? 0)).toBe(0)
  const { port } = server
  await server.stop(true)
  expect(await check(port ?? 0)).toBe(1)
})
