import { defaultRegion } from './source-config.ts'

interface Variable {
  description: string
  /** Stands for the variable while it is unset; empty: none. */
  default: string
  /** Its value is never shown. */
  secret?: true
}

/** Every variable that is read, in the order of sample.env, which repeats these texts. */
export const variables = {
  SPACES_KEY: { description: 'Access key that may list and read the log bucket.', default: '', secret: true },
  SPACES_SECRET: { description: 'Secret of that access key.', default: '', secret: true },
  SPACES_REGION: { description: 'Region of the log bucket.', default: defaultRegion },
  SPACES_ENDPOINT: {
    description: 'Any S3-compatible address; unset: https://REGION.digitaloceanspaces.com.',
    default: '',
  },
  LOG_BUCKET: { description: 'Bucket that the access logs are delivered to.', default: '' },
  LOG_PREFIX: { description: 'What the names of the access-log objects begin with.', default: '' },
  LOG_SOURCES: {
    description: 'More sources: a JSON list of {endpoint?, region?, key, secret, bucket, prefix?}.',
    default: '',
    secret: true,
  },
  QUESTDB_HTTP_URL: {
    description: 'http://USER:PASSWORD@HOST:9000 of your own QuestDB; unset: an embedded one is started.',
    default: '',
    secret: true,
  },
  QUESTDB_PG_URL: {
    description: 'postgres://USER:PASSWORD@HOST:8812/qdb of the same QuestDB.',
    default: '',
    secret: true,
  },
  PORT: { description: 'Port of the page and the API; 0 takes any free one.', default: '8000' },
  HOST: {
    description: 'Address to listen on; 0.0.0.0 opens SpaceWatch to the network.',
    default: '127.0.0.1',
  },
  APP_API_KEY: {
    description:
      'Key for the header X-API-Key, 16 characters or more; unset: one is made and kept in DATA_DIR.',
    default: '',
    secret: true,
  },
  TRUST_PROXY: {
    description: 'How many reverse proxies stand before SpaceWatch, so that X-Forwarded-For is believed.',
    default: '0',
  },
  CORS_ORIGINS: {
    description: 'Origins whose pages may call the API, with commas between them; unset: none.',
    default: '',
  },
  RATE_LIMIT_PER_SECOND: {
    description: 'Requests a second that one caller may make in the long run; 0: no limit.',
    default: '2',
  },
  RATE_LIMIT_BURST: { description: 'Requests that one caller may make at once.', default: '10' },
  ALLOWED_ENDPOINTS: {
    description:
      'Object stores besides Spaces that callers with keys of their own may name, with commas between them.',
    default: '',
  },
  LEASE_HOURS: {
    description: 'Hours that a log bucket is read on after the last request with a key for it.',
    default: '24',
  },
  DATA_DIR: { description: 'Directory for the embedded servers and the made keys.', default: '.spacewatch' },
  RETENTION_DAYS: { description: 'Days that operations are kept; 0 keeps everything.', default: '90' },
  PARQUET_AFTER_HOURS: {
    description:
      'Hours after which a day of operations is turned into Parquet, which takes a fifth of the disk; 0: never.',
    default: '72',
  },
  SNAPSHOT_HOURS: {
    description: 'Hours between two snapshots of what all buckets of your keys hold; 0: only when asked for.',
    default: '24',
  },
  SLOW_OPERATION_MS: { description: 'An operation that takes longer counts as slow.', default: '5000' },
  FINDINGS_FILE: {
    description: 'A JSON file of thresholds for the detectors of findings; unset: those of docs/findings.md.',
    default: '',
  },
  SIGMA_DIR: {
    description:
      'A folder of Sigma rules for S3 (product: aws, service: cloudtrail) to look for too; unset: none.',
    default: '',
  },
  POLL_SECONDS: { description: 'Seconds between two looks for new access-log objects.', default: '30' },
  RECONCILE_MINUTES: { description: 'Minutes between two full listings of a log bucket.', default: '60' },
  LOOKBACK_HOURS: {
    description: 'How late an access-log object may come and be found by a poll.',
    default: '48',
  },
  ALERT_WEBHOOK_URL: {
    description: 'Where each health event is posted to as JSON; unset: nowhere.',
    default: '',
    secret: true,
  },
  PRICES_FILE: {
    description: 'JSON with the prices of your provider (docs/cost.md); unset: those of Spaces.',
    default: '',
  },
  DO_AGENT_URL: {
    description:
      'Chat completions of a DigitalOcean agent, or of any model that speaks as OpenAI does; unset: /chat answers from the library alone.',
    default: '',
    secret: true,
  },
  DO_AGENT_KEY: { description: 'Access key of that endpoint.', default: '', secret: true },
  DO_AGENT_MODEL: {
    description: 'Name of the model; DigitalOcean agents have one of their own and ignore it.',
    default: 'default',
  },
  AGENT_TOOL_MODE: {
    description: 'How tools are called: native, json for models without tool calls, or auto to find out.',
    default: 'auto',
  },
  AGENT_MAX_STEPS: { description: 'How often the model is asked for one answer.', default: '8' },
  AGENT_CONVERSATION_TOKENS: { description: 'Tokens that one conversation may use.', default: '300000' },
  AGENT_DAILY_TOKENS: {
    description: 'Tokens that all questions about one log source may use in a day.',
    default: '2000000',
  },
  AGENT_DAILY_USD: { description: 'US dollars that all questions together may cost in a day.', default: '5' },
  AGENT_INPUT_USD: { description: 'What a million tokens that the model reads cost.', default: '3' },
  AGENT_OUTPUT_USD: { description: 'What a million tokens that the model writes cost.', default: '15' },
  LOG_LEVEL: { description: 'trace, debug, info, warn, error, fatal or silent.', default: 'info' },
  DEMO: {
    description: 'Generated logs: on, off, or auto (on while no source is configured).',
    default: 'auto',
  },
  DEMO_LINES: { description: 'Lines that the demo writes for the seven days before now.', default: '200000' },
  DEMO_SEED: { description: 'The same seed gives the same demo.', default: '1' },
} as const satisfies Record<string, Variable>
