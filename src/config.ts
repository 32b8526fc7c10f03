import { editDistance } from './edit-distance.ts'
import { InvalidError } from './errors.ts'
import { Secret } from './secret.ts'
import { checkSource, parseLogSources } from './source-config.ts'
import { spacesRegions } from './spaces-regions.ts'
import type { SourceConfig } from './source-config.ts'
import { variables } from './variables.ts'

/** All settings, checked. The URLs of QuestDB are secrets because they may hold a password. */
export interface Config {
  host: string
  port: number
  dataDir: string
  apiKey: Secret | null
  /** null: start the embedded server. */
  questdb: { httpUrl: Secret; pgUrl: Secret } | null
  sources: SourceConfig[]
  /** SPACES_ENDPOINT and SPACES_REGION, where callers who name neither are sent; null: not set. */
  ownEndpoint: { endpoint: string; region: string } | null
  /** Object stores besides Spaces that callers may name, as they must write them. */
  allowedEndpoints: string[]
  lease_ms: number
  /** Reverse proxies before SpaceWatch. */
  trustProxy: number
  corsOrigins: string[]
  /** Of one caller; `per_second` 0: no limit. */
  rateLimit: { per_second: number; burst: number }
  demo: { lines: number; seed: number } | null
  /** 0 keeps everything. */
  retentionDays: number
  /** 0: days stay as they are. */
  parquetAfter_ms: number
  /** Between two snapshots of the operator's buckets; 0: none. */
  snapshot_ms: number
  slowOperation_ms: number
  /** A path; null: the detectors' own thresholds. */
  findingsFile: string | null
  /** A path; null: no rules of Sigma. */
  sigmaDir: string | null
  /** Whom to tell of health events; null: nobody. */
  alertWebhookUrl: Secret | null
  /** null: the prices of Spaces. */
  pricesFile: string | null
  agent: AgentConfig | null
  poll_ms: number
  reconcile_ms: number
  lookback_ms: number
  logLevel: string
  warnings: string[]
}

/** The model that /chat asks, and what it may cost. */
export interface AgentConfig {
  url: Secret
  key: Secret
  model: string
  mode: 'auto' | 'native' | 'json'
  profile: 'auto' | 'small' | 'large'
  maxSteps: number
  tokensPerConversation: number
  /** Of one log source. */
  tokensPerDay: number
  /** Of all together. */
  usdPerDay: number
  /** For a million tokens. */
  inputPrice_usd: number
  outputPrice_usd: number
}

type Name = keyof typeof variables
type Environment = Record<string, string | undefined>

/** Turns the environment into a Config. Throws one InvalidError that lists every problem; never shows a secret. */
export function readConfig(env: Environment = process.env): Config {
  const problems: string[] = []
  const given = (name: Name) => env[name]?.trim() ?? ''
  const value = (name: Name) => given(name) || variables[name].default
  const refuse = (name: Name, write: string, fact = `is ${shown(name, value(name))}`) =>
    problems.push(`${name} ${fact}: write ${write}`)

  function whole(name: Name, least: number, most: number): number {
    const number = Number(value(name))
    if (/^\d+$/.test(value(name)) && number >= least && number <= most) return number
    refuse(name, `a whole number from ${least} to ${most}`)
    return least
  }

  function dollars(name: Name): number {
    if (/^\d{1,6}(\.\d{1,4})?$/.test(value(name))) return Number(value(name))
    refuse(name, 'US dollars such as 5 or 0.25')
    return 0
  }

  function oneOf<Choice extends string>(name: Name, first: Choice, ...others: Choice[]): Choice {
    const choices = [first, ...others]
    const chosen = choices.find((choice) => choice === value(name))
    if (chosen === undefined) refuse(name, choices.join(' or '))
    return chosen ?? first
  }

  /** True when one of the group is set; each needed one that is not is then a problem. */
  function anySet(needed: Name[], related: Name[] = []): boolean {
    const set = [...needed, ...related].filter(given)
    const missing = set.length > 0 ? needed.filter((name) => !given(name)) : []
    for (const name of missing)
      refuse(name, `it, or unset ${set.join(' and ')}`, `is missing, but ${set[0]} is set`)
    return set.length > 0
  }

  function url(name: Name, protocols: string[], example: string): Secret {
    const parsed = URL.parse(value(name))
    if (value(name) && (!parsed?.hostname || !protocols.includes(parsed.protocol)))
      refuse(
        name,
        `${example}, special characters of the password percent-encoded`,
        `is no ${protocols.join(' or ').replaceAll(':', '')} URL`,
      )
    return new Secret(value(name).replace(/\/+$/, ''))
  }

  /** A list with commas; `shape` gives how an address is to be written. */
  function addresses(name: Name, shape: (url: URL) => string): string[] {
    const list = value(name)
      .split(',')
      .map((address) => address.trim())
      .filter(Boolean)
    for (const address of list) {
      const parsed = URL.parse(address)
      const right = parsed && /^https?:$/.test(parsed.protocol) && !parsed.username ? shape(parsed) : null
      if (right !== address)
        refuse(name, right ?? 'addresses such as https://example.org:9000', `holds ${shown(name, address)}`)
    }
    return list
  }

  function readQuestdb(): Config['questdb'] {
    if (!anySet(['QUESTDB_HTTP_URL', 'QUESTDB_PG_URL'])) return null
    return {
      httpUrl: url('QUESTDB_HTTP_URL', ['http:', 'https:'], 'http://USER:PASSWORD@HOST:9000'),
      pgUrl: url('QUESTDB_PG_URL', ['postgres:', 'postgresql:'], 'postgres://USER:PASSWORD@HOST:8812/qdb'),
    }
  }

  function readAgent(): AgentConfig | null {
    const agent = {
      url: url('DO_AGENT_URL', ['http:', 'https:'], 'https://AGENT.agents.do-ai.run/api/v1/chat/completions'),
      key: new Secret(value('DO_AGENT_KEY')),
      model: value('DO_AGENT_MODEL'),
      mode: oneOf('AGENT_TOOL_MODE', 'auto', 'native', 'json'),
      profile: oneOf('AGENT_PROFILE', 'auto', 'small', 'large'),
      maxSteps: whole('AGENT_MAX_STEPS', 1, 50),
      tokensPerConversation: whole('AGENT_CONVERSATION_TOKENS', 1, 1_000_000_000),
      tokensPerDay: whole('AGENT_DAILY_TOKENS', 1, 1_000_000_000),
      usdPerDay: dollars('AGENT_DAILY_USD'),
      inputPrice_usd: dollars('AGENT_INPUT_USD'),
      outputPrice_usd: dollars('AGENT_OUTPUT_USD'),
    }
    return anySet(['DO_AGENT_URL'], ['DO_AGENT_KEY']) ? agent : null
  }

  function readSources(): SourceConfig[] {
    const sources: SourceConfig[] = []
    const names = { endpoint: 'SPACES_ENDPOINT', region: 'SPACES_REGION', bucket: 'LOG_BUCKET' }
    if (anySet(['SPACES_KEY', 'SPACES_SECRET', 'LOG_BUCKET'], ['SPACES_ENDPOINT', 'LOG_PREFIX'])) {
      const source = {
        endpoint: given('SPACES_ENDPOINT'),
        region: given('SPACES_REGION'),
        key: given('SPACES_KEY'),
        secret: given('SPACES_SECRET'),
        bucket: given('LOG_BUCKET'),
        prefix: given('LOG_PREFIX'),
      }
      sources.push(checkSource(source, (field) => names[field], problems))
    } else if (given('SPACES_REGION') && !spacesRegions.includes(given('SPACES_REGION'))) {
      refuse('SPACES_REGION', `one of ${spacesRegions.join(', ')}`)
    }
    for (const [index, source] of parseLogSources(given('LOG_SOURCES'), problems).entries())
      sources.push(checkSource(source, (field) => `LOG_SOURCES[${index}].${field}`, problems))
    const places = sources.map(({ endpoint, bucket, prefix }) => `${endpoint}/${bucket}/${prefix}`)
    if (new Set(places).size < places.length)
      problems.push('LOG_SOURCES names a log source twice (the one of LOG_BUCKET counts): write each once')
    return sources
  }

  const sources = readSources()
  const questdb = readQuestdb()
  const apiKey = value('APP_API_KEY')
  if (apiKey && !/^[!-~]{16,}$/.test(apiKey))
    refuse(
      'APP_API_KEY',
      '16 or more printable ASCII characters without a space',
      'is too weak or not fit for a header',
    )
  if (!/^[\w.:-]+$/.test(value('HOST')) || /^[^:]*:\d*$/.test(value('HOST')))
    refuse('HOST', 'a host name or IP address without scheme, brackets or port')
  const demo = oneOf('DEMO', 'auto', 'on', 'off')
  const lines = whole('DEMO_LINES', 1, 100_000_000)
  const seed = whole('DEMO_SEED', 0, 2 ** 32 - 1)

  const config: Config = {
    host: value('HOST'),
    port: whole('PORT', 0, 65_535),
    dataDir: value('DATA_DIR'),
    apiKey: apiKey ? new Secret(apiKey) : null,
    questdb,
    sources,
    ownEndpoint:
      given('SPACES_ENDPOINT') && sources[0]
        ? { endpoint: sources[0].endpoint, region: sources[0].region }
        : null,
    allowedEndpoints: addresses('ALLOWED_ENDPOINTS', (url) => url.origin + url.pathname.replace(/\/+$/, '')),
    lease_ms: whole('LEASE_HOURS', 1, 8_760) * 3_600_000,
    trustProxy: whole('TRUST_PROXY', 0, 16),
    corsOrigins: addresses('CORS_ORIGINS', (url) => url.origin),
    rateLimit: {
      per_second: whole('RATE_LIMIT_PER_SECOND', 0, 100_000),
      burst: whole('RATE_LIMIT_BURST', 1, 1_000_000),
    },
    demo: demo === 'on' || (demo === 'auto' && sources.length === 0) ? { lines, seed } : null,
    retentionDays: whole('RETENTION_DAYS', 0, 36_500),
    parquetAfter_ms: whole('PARQUET_AFTER_HOURS', 0, 876_000) * 3_600_000,
    snapshot_ms: whole('SNAPSHOT_HOURS', 0, 8_760) * 3_600_000,
    findingsFile: value('FINDINGS_FILE') || null,
    sigmaDir: value('SIGMA_DIR') || null,
    slowOperation_ms: whole('SLOW_OPERATION_MS', 1, 86_400_000),
    alertWebhookUrl: value('ALERT_WEBHOOK_URL')
      ? url('ALERT_WEBHOOK_URL', ['http:', 'https:'], 'https://HOST/PATH')
      : null,
    pricesFile: value('PRICES_FILE') || null,
    agent: readAgent(),
    poll_ms: whole('POLL_SECONDS', 1, 86_400) * 1000,
    reconcile_ms: whole('RECONCILE_MINUTES', 1, 10_080) * 60_000,
    lookback_ms: whole('LOOKBACK_HOURS', 1, 8_760) * 3_600_000,
    logLevel: oneOf('LOG_LEVEL', 'trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'),
    warnings: likelyTypos(env),
  }
  if (problems.length === 0) return config
  const all = [...problems, ...config.warnings].map((line) => `\n  ${line}`).join('')
  throw new InvalidError(
    `Cannot read the configuration: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}${all}`,
    'sample.env explains every variable',
    'invalid_configuration',
  )
}

/** The value for a problem's text, unless it is, or may hold, a secret. */
function shown(name: Name, value: string): string {
  const hidden = variables[name].secret || value.includes('@')
  return hidden ? 'set to something else' : `'${value.slice(0, 60)}'`
}

function likelyTypos(env: Environment): string[] {
  // Names of one word (PORT, HOST, DEMO) have too many honest neighbours.
  const known = Object.keys(variables).filter((name) => name.includes('_'))
  const unknown = Object.keys(env).filter((name) => name.includes('_') && !known.includes(name))
  return unknown.flatMap((name) => {
    const near = known.find((other) => editDistance(name, other) <= 2)
    if (!near && !name.startsWith('SPACES_')) return []
    return [`${name} is set, but nothing reads it: ${near ? `did you mean ${near}?` : 'see sample.env'}`]
  })
}
