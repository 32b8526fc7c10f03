import { afterAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '../src/config.ts'
import { InvalidError } from '../src/errors.ts'
import { variables } from '../src/variables.ts'

const folder = mkdtempSync(join(tmpdir(), 'spacewatch-config-'))
afterAll(() => rmSync(folder, { recursive: true }))

const own = { SPACES_KEY: 'DO00KEY', SPACES_SECRET: 's3cret', LOG_BUCKET: 'my-logs' }

function refusal(env: Record<string, string>): string {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof InvalidError) return error.message
    throw error
  }
  return ''
}

test('with nothing set SpaceWatch runs embedded, on loopback, with the demo', () => {
  expect(readConfig({})).toEqual({
    host: '127.0.0.1',
    port: 8000,
    dataDir: '.spacewatch',
    apiKey: null,
    questdb: null,
    sources: [],
    ownEndpoint: null,
    allowedEndpoints: [],
    lease_ms: 86_400_000,
    trustProxy: 0,
    corsOrigins: [],
    rateLimit: { per_second: 2, burst: 10 },
    demo: { lines: 200_000, seed: 1 },
    retentionDays: 90,
    parquetAfter_ms: 72 * 3_600_000,
    snapshot_ms: 86_400_000,
    slowOperation_ms: 5000,
    findingsFile: null,
    sigmaDir: null,
    alertWebhookUrl: null,
    pricesFile: null,
    agent: null,
    poll_ms: 30_000,
    reconcile_ms: 3_600_000,
    lookback_ms: 172_800_000,
    logLevel: 'info',
    warnings: [],
  })
})

test('an own log source switches the demo off, unless DEMO says otherwise', () => {
  expect(readConfig(own).demo).toBeNull()
  expect(readConfig({ ...own, DEMO: 'on' }).demo).not.toBeNull()
  expect(readConfig({ DEMO: 'off' }).demo).toBeNull()
  const [source] = readConfig(own).sources
  expect(source?.secret.reveal()).toBe('s3cret')
  expect(source).toMatchObject({
    endpoint: 'https://sgp1.digitaloceanspaces.com',
    region: 'sgp1',
    key: 'DO00KEY',
    bucket: 'my-logs',
    prefix: '',
    pathStyle: false,
  })
})

test.each([
  [{ SPACES_REGION: 'nyc3' }, 'https://nyc3.digitaloceanspaces.com', 'nyc3', false],
  [
    { SPACES_ENDPOINT: 'https://FRA1.digitaloceanspaces.com/' },
    'https://fra1.digitaloceanspaces.com',
    'fra1',
    false,
  ],
  [{ SPACES_ENDPOINT: 'http://127.0.0.1:9000' }, 'http://127.0.0.1:9000', 'sgp1', true],
  [
    { SPACES_ENDPOINT: 'https://s3.example.org/store/', SPACES_REGION: 'moon' },
    'https://s3.example.org/store',
    'moon',
    true,
  ],
  [
    { SPACES_ENDPOINT: 'https://digitaloceanspaces.com.example.org' },
    'https://digitaloceanspaces.com.example.org',
    'sgp1',
    true,
  ],
])('the endpoint and region of %j', (env, endpoint, region, pathStyle) => {
  expect(readConfig({ ...own, ...env }).sources).toMatchObject([{ endpoint, region, pathStyle }])
})

test('LOG_SOURCES adds log sources to the one of LOG_BUCKET', () => {
  const list = [
    { key: 'k1', secret: 'a', bucket: 'one' },
    { key: 'k2', secret: 'b', bucket: 'two', region: 'ams3', prefix: 'logs/' },
    { key: 'k3', secret: 'c', bucket: 'three', endpoint: 'http://minio:9000' },
  ]
  const { sources, demo } = readConfig({ ...own, LOG_SOURCES: JSON.stringify(list) })
  expect(
    sources.map(({ endpoint, bucket, prefix, secret }) => [endpoint, bucket, prefix, secret.reveal()]),
  ).toEqual([
    ['https://sgp1.digitaloceanspaces.com', 'my-logs', '', 's3cret'],
    ['https://sgp1.digitaloceanspaces.com', 'one', '', 'a'],
    ['https://ams3.digitaloceanspaces.com', 'two', 'logs/', 'b'],
    ['http://minio:9000', 'three', '', 'c'],
  ])
  expect(demo).toBeNull()
})

test('what callers may name besides Spaces: the own endpoint, and a list', () => {
  const config = readConfig({
    ...own,
    SPACES_ENDPOINT: 'http://minio:9000/',
    SPACES_REGION: 'home',
    ALLOWED_ENDPOINTS: 'https://s3.example.org/store, http://10.0.0.7:9000',
  })
  expect(config.ownEndpoint).toEqual({ endpoint: 'http://minio:9000', region: 'home' })
  expect(config.allowedEndpoints).toEqual(['https://s3.example.org/store', 'http://10.0.0.7:9000'])
  expect(readConfig(own).ownEndpoint).toBeNull()
})

test('every problem is listed in one message, with what to write', () => {
  const message = refusal({
    SPACES_KEY: 'DO00KEY',
    SPACES_ENDPOINT: 'localhost:9000',
    QUESTDB_PG_URL: 'mysql://db',
    PORT: '65536',
    HOST: 'localhost:8000',
    APP_API_KEY: 'short',
    RETENTION_DAYS: '-1',
    POLL_SECONDS: '1.5',
    LOG_LEVEL: 'loud',
    DEMO: 'yes',
    DEMO_LINES: '1e6',
    LOG_SOURCES: '[{"key":"k","secret":"s"},7]',
  })
  const named = [...message.matchAll(/^ {2}([A-Z_]+)(.*): write .+$/gm)].map(
    ([, name, fact]) => `${name}${fact}`,
  )
  expect(message).toStartWith('Cannot read the configuration: 15 problems\n')
  expect(named).toEqual([
    'SPACES_SECRET is missing, but SPACES_KEY is set',
    'LOG_BUCKET is missing, but SPACES_KEY is set',
    'SPACES_ENDPOINT is no plain http or https address',
    'LOG_SOURCES[0] lacks bucket',
    'LOG_SOURCES[1] must be object',
    'QUESTDB_HTTP_URL is missing, but QUESTDB_PG_URL is set',
    'QUESTDB_PG_URL is no postgres or postgresql URL',
    'APP_API_KEY is too weak or not fit for a header',
    "HOST is 'localhost:8000'",
    "DEMO is 'yes'",
    "DEMO_LINES is '1e6'",
    "PORT is '65536'",
    "RETENTION_DAYS is '-1'",
    "POLL_SECONDS is '1.5'",
    "LOG_LEVEL is 'loud'",
  ])
})

test.each<[string, Record<string, string>]>([
  ['SPACES_REGION', { ...own, SPACES_REGION: 'mars' }],
  ['SPACES_REGION', { SPACES_REGION: 'mars' }],
  [
    'SPACES_REGION',
    { ...own, SPACES_REGION: 'nyc3', SPACES_ENDPOINT: 'https://ams3.digitaloceanspaces.com' },
  ],
  ['SPACES_ENDPOINT', { ...own, SPACES_ENDPOINT: 'https://my-logs.ams3.digitaloceanspaces.com' }],
  ['SPACES_ENDPOINT', { ...own, SPACES_ENDPOINT: 'https://my-logs.ams3.cdn.digitaloceanspaces.com' }],
  ['SPACES_ENDPOINT', { ...own, SPACES_ENDPOINT: 'ftp://example.org' }],
  ['SPACES_ENDPOINT', { ...own, SPACES_ENDPOINT: 'https://example.org?x=1' }],
  ['LOG_BUCKET', { ...own, LOG_BUCKET: 's3://my-logs' }],
  ['SPACES_KEY', { LOG_PREFIX: 'logs/' }],
  ['QUESTDB_PG_URL', { QUESTDB_HTTP_URL: 'http://db:9000' }],
  ['QUESTDB_HTTP_URL', { QUESTDB_HTTP_URL: 'db:9000', QUESTDB_PG_URL: 'postgres://db:8812/qdb' }],
  ['LOG_SOURCES', { LOG_SOURCES: '{' }],
  ['LOG_SOURCES', { LOG_SOURCES: '[]' }],
  ['LOG_SOURCES[0].regio', { LOG_SOURCES: '[{"key":"k","secret":"s","bucket":"bb","regio":"ams3"}]' }],
  ['LOG_SOURCES[0].region', { LOG_SOURCES: '[{"key":"k","secret":"s","bucket":"bb","region":"mars"}]' }],
  [
    'LOG_SOURCES',
    { LOG_SOURCES: '[{"key":"k","secret":"s","bucket":"bb"},{"key":"q","secret":"s","bucket":"bb"}]' },
  ],
  ['ALLOWED_ENDPOINTS', { ALLOWED_ENDPOINTS: 'minio:9000' }],
  ['ALLOWED_ENDPOINTS', { ALLOWED_ENDPOINTS: 'https://s3.example.org,http://minio:9000/' }],
  ['ALLOWED_ENDPOINTS', { ALLOWED_ENDPOINTS: 'http://MinIO:9000' }],
  ['ALLOWED_ENDPOINTS', { ALLOWED_ENDPOINTS: 'https://k:s@s3.example.org' }],
  ['ALLOWED_ENDPOINTS', { ALLOWED_ENDPOINTS: 'https://s3.example.org?x' }],
  ['CORS_ORIGINS', { CORS_ORIGINS: '*' }],
  ['CORS_ORIGINS', { CORS_ORIGINS: 'https://page.example.org/' }],
  ['LEASE_HOURS', { LEASE_HOURS: '0' }],
  ['RATE_LIMIT_BURST', { RATE_LIMIT_BURST: '0' }],
  ['TRUST_PROXY', { TRUST_PROXY: 'yes' }],
  ['APP_API_KEY', { APP_API_KEY: 'sixteen characters with spaces' }],
])('%s is refused in %j', (name, env) => {
  expect(refusal(env)).toContain(`\n  ${name} `)
})

test('a secret is shown neither by a problem, nor a warning, nor the Config', () => {
  const hush = 'hush-hush-hush-hush'
  const secrets = {
    SPACES_KEY: own.SPACES_KEY,
    SPACES_SECRET: hush,
    LOG_BUCKET: 'my-logs',
    APP_API_KEY: hush,
    QUESTDB_HTTP_URL: `http://writer:${hush}@127.0.0.1:9000`,
    QUESTDB_PG_URL: `postgres://reader:${hush}@127.0.0.1:8812/qdb`,
    LOG_SOURCES: `[{"key":"k","secret":"${hush}","bucket":"other"}]`,
    SPACE_SECRET: hush,
  }
  const config = readConfig(secrets)
  expect(config.questdb?.pgUrl.reveal()).toContain(hush)
  for (const text of [JSON.stringify(config), Bun.inspect(config, { depth: 9 }), `${config.warnings}`])
    expect(text).not.toContain(hush)
  for (const broken of [
    { ...secrets, APP_API_KEY: `${hush} ` + hush },
    { ...secrets, QUESTDB_HTTP_URL: `writer:${hush}@db`, QUESTDB_PG_URL: `https://a:${hush}@db` },
    { ...secrets, LOG_SOURCES: `[{"key":"k","secret":${hush}}]` },
    { ...secrets, LOG_SOURCES: `[{"key":"k","secret":["${hush}"],"bucket":"${hush}/x"}]` },
    { ...secrets, LOG_SOURCES: hush },
    { ...secrets, SPACES_ENDPOINT: `https://k:${hush}@s3.example.org` },
    { ...secrets, PORT: `x@${hush}` },
    { ...secrets, LOG_BUCKET: '' },
  ]) {
    expect(refusal(broken)).toStartWith('Cannot read the configuration')
    expect(refusal(broken)).not.toContain(hush)
  }
})

test('a variable that looks like a misspelt one is warned of', () => {
  const { warnings } = readConfig({
    SPACE_KEY: 'x',
    LOG_BUKET: 'x',
    SPACES_ACCESS_KEY_ID: 'x',
    HOME: '/',
    LOG_FILE: 'x',
  })
  expect(warnings).toEqual([
    'SPACE_KEY is set, but nothing reads it: did you mean SPACES_KEY?',
    'LOG_BUKET is set, but nothing reads it: did you mean LOG_BUCKET?',
    'SPACES_ACCESS_KEY_ID is set, but nothing reads it: see sample.env',
  ])
})

test('every variable that is named has an effect', () => {
  const questdb = { QUESTDB_HTTP_URL: 'http://db:9000', QUESTDB_PG_URL: 'postgres://db/qdb' }
  const base = { ...own, ...questdb, DO_AGENT_URL: 'https://agent.example.org/v1', DEMO: 'on' }
  const others: Record<keyof typeof variables, string> = {
    SPACES_KEY: 'k',
    SPACES_SECRET: 'other',
    SPACES_REGION: 'lon1',
    SPACES_ENDPOINT: 'http://s3',
    LOG_BUCKET: 'other',
    LOG_PREFIX: 'p/',
    LOG_SOURCES: '[{"key":"k","secret":"s","bucket":"bb"}]',
    QUESTDB_HTTP_URL: 'http://db2',
    QUESTDB_PG_URL: 'postgres://db2',
    PORT: '0',
    HOST: '::1',
    APP_API_KEY: 'x'.repeat(16),
    TRUST_PROXY: '1',
    CORS_ORIGINS: 'https://page.example.org',
    RATE_LIMIT_PER_SECOND: '0',
    RATE_LIMIT_BURST: '1',
    ALLOWED_ENDPOINTS: 'http://minio:9000',
    LEASE_HOURS: '1',
    DATA_DIR: 'd',
    RETENTION_DAYS: '0',
    PARQUET_AFTER_HOURS: '0',
    SNAPSHOT_HOURS: '6',
    SLOW_OPERATION_MS: '1',
    FINDINGS_FILE: 'findings.json',
    SIGMA_DIR: 'rules',
    POLL_SECONDS: '1',
    RECONCILE_MINUTES: '1',
    LOOKBACK_HOURS: '1',
    ALERT_WEBHOOK_URL: 'https://hooks.example.org/x',
    PRICES_FILE: 'prices.json',
    DO_AGENT_URL: 'https://other.example.org/v1',
    DO_AGENT_KEY: 'k',
    DO_AGENT_MODEL: 'm',
    AGENT_TOOL_MODE: 'json',
    AGENT_PROFILE: 'small',
    AGENT_MAX_STEPS: '3',
    AGENT_CONVERSATION_TOKENS: '5',
    AGENT_DAILY_TOKENS: '5',
    AGENT_DAILY_USD: '0.25',
    AGENT_INPUT_USD: '0',
    AGENT_OUTPUT_USD: '0',
    LOG_LEVEL: 'debug',
    DEMO: 'off',
    DEMO_LINES: '1',
    DEMO_SEED: '7',
  }
  const open = (env: Record<string, string>) => {
    const { apiKey, questdb, sources, alertWebhookUrl, ...rest } = readConfig(env)
    const revealed = [
      apiKey,
      rest.agent?.url,
      rest.agent?.key,
      alertWebhookUrl,
      questdb?.httpUrl,
      questdb?.pgUrl,
      ...sources.map((source) => source.secret),
    ]
    return JSON.stringify([rest, sources, revealed.map((secret) => secret?.reveal())])
  }
  for (const [name, value] of Object.entries(others))
    expect([name, open({ ...base, [name]: value })]).not.toEqual([name, open(base)])
})

test('sample.env names every variable, with its description and default', async () => {
  const sample = await Bun.file(new URL('../sample.env', import.meta.url)).text()
  const entries = [...sample.matchAll(/^# (.+)\n#([A-Z_]+)=(.*)$/gm)].map(([, description, name, value]) => [
    name,
    description,
    value,
  ])
  expect(entries).toEqual(
    Object.entries(variables).map(([name, { description, default: value }]) => [name, description, value]),
  )
  expect(sample.match(/^#?[A-Z_]+=/gm)).toHaveLength(entries.length)
  expect(readConfig(Object.fromEntries(entries.map(([name, , value]) => [name, value])))).toEqual(
    readConfig({}),
  )
})

test('a .env file in the project root is read', async () => {
  const config = Bun.resolveSync('../src/config.ts', import.meta.dir)
  await Bun.write(join(folder, '.env'), "SPACES_KEY=k\nSPACES_SECRET='pa\\$word #1'\nLOG_BUCKET=bucket\n")
  await Bun.write(
    join(folder, 'src/main.ts'),
    `import { readConfig } from ${JSON.stringify(config)}\nconsole.log(readConfig().sources[0].secret.reveal())`,
  )
  const run = Bun.spawnSync([process.execPath, 'src/main.ts'], { cwd: folder, env: {} })
  expect(run.stdout.toString()).toBe('pa$word #1\n')
})

test('an agent needs its address, and its limits are numbers', () => {
  const url = 'https://agent.example.org/api/v1/chat/completions'
  const { agent } = readConfig({ DO_AGENT_URL: url, DO_AGENT_KEY: 'k', AGENT_DAILY_USD: '0.25' })
  expect(agent).toMatchObject({
    model: 'default',
    mode: 'auto',
    profile: 'auto',
    maxSteps: 8,
    usdPerDay: 0.25,
    outputPrice_usd: 15,
  })
  expect([agent?.url.reveal(), agent?.key.reveal()]).toEqual([url, 'k'])
  expect(refusal({ DO_AGENT_KEY: 'k' })).toContain('DO_AGENT_URL is missing, but DO_AGENT_KEY is set')
  const wrong = refusal({
    DO_AGENT_URL: 'ftp://u:geheim@x',
    AGENT_DAILY_USD: 'much',
    AGENT_PROFILE: 'medium',
    AGENT_MAX_STEPS: '0',
    AGENT_TOOL_MODE: 'x',
  })
  expect(wrong.match(/^ {2}\w+/gm)).toEqual([
    '  DO_AGENT_URL',
    '  AGENT_TOOL_MODE',
    '  AGENT_PROFILE',
    '  AGENT_MAX_STEPS',
    '  AGENT_DAILY_USD',
  ])
  expect(wrong).not.toContain('geheim')
})
