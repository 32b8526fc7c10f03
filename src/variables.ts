import { defaultRegion } from './source-config.ts'

interface Variable {
  description: string
  /** Stands for the variable while it is unset; empty: none. */
  default: string
  /** Its value is never shown. */
  secret?: true
}

const unset = (description: string): Variable => ({ description, default: '' })
const secret = (description: string): Variable => ({ description, default: '', secret: true })
const usually = (value: string, description: string): Variable => ({ description, default: value })

/** Every variable that is read, in the order of sample.env, which repeats these texts. */
export const variables = {
  SPACES_KEY: secret('Access key that may list and read the log bucket.'),
  SPACES_SECRET: secret('Secret of that access key.'),
  SPACES_REGION: usually(defaultRegion, 'Region of the log bucket.'),
  SPACES_ENDPOINT: unset('Any S3-compatible address; unset: https://REGION.digitaloceanspaces.com.'),
  LOG_BUCKET: unset('Bucket that the access logs are delivered to.'),
  LOG_PREFIX: unset('What the names of the access-log objects begin with.'),
  LOG_SOURCES: secret('More sources: a JSON list of {endpoint?, region?, key, secret, bucket, prefix?}.'),
  QUESTDB_HTTP_URL: secret(
    'http://USER:PASSWORD@HOST:9000 of your own QuestDB; unset: an embedded one is started.',
  ),
  QUESTDB_PG_URL: secret('postgres://USER:PASSWORD@HOST:8812/qdb of the same QuestDB.'),
  PORT: usually('8000', 'Port of the page and the API; 0 takes any free one.'),
  HOST: usually('127.0.0.1', 'Address to listen on; 0.0.0.0 opens SpaceWatch to the network.'),
  APP_API_KEY: secret(
    'Key for the header X-API-Key, 16 characters or more; unset: one is made and kept in DATA_DIR.',
  ),
  TRUST_PROXY: usually(
    '0',
    'How many reverse proxies stand before SpaceWatch, so that X-Forwarded-For is believed.',
  ),
  CORS_ORIGINS: unset('Origins whose pages may call the API, with commas between them; unset: none.'),
  RATE_LIMIT_PER_SECOND: usually(
    '2',
    'Requests a second that one caller may make in the long run; 0: no limit.',
  ),
  RATE_LIMIT_BURST: usually('10', 'Requests that one caller may make at once.'),
  ALLOWED_ENDPOINTS: unset(
    'Object stores besides Spaces that callers with keys of their own may name, with commas between them.',
  ),
  LEASE_HOURS: usually('24', 'Hours that a log bucket is read on after the last request with a key for it.'),
  DATA_DIR: usually('.spacewatch', 'Directory for the embedded servers and the made keys.'),
  RETENTION_DAYS: usually('90', 'Days that operations are kept; 0 keeps everything.'),
  PARQUET_AFTER_HOURS: usually(
    '72',
    'Hours after which a day of operations is turned into Parquet, which takes a fifth of the disk; 0: never.',
  ),
  SNAPSHOT_HOURS: usually(
    '24',
    'Hours between two snapshots of what all buckets of your keys hold; 0: only when asked for.',
  ),
  SLOW_OPERATION_MS: usually('5000', 'An operation that takes longer counts as slow.'),
  FINDINGS_FILE: unset(
    'A JSON file of thresholds for the detectors of findings; unset: those of docs/findings.md.',
  ),
  SIGMA_DIR: unset(
    'A folder of Sigma rules for S3 (product: aws, service: cloudtrail) to look for too; unset: none.',
  ),
  POLL_SECONDS: usually('30', 'Seconds between two looks for new access-log objects.'),
  RECONCILE_MINUTES: usually('60', 'Minutes between two full listings of a log bucket.'),
  LOOKBACK_HOURS: usually('48', 'How late an access-log object may come and be found by a poll.'),
  ALERT_WEBHOOK_URL: secret('Where each health event is posted to as JSON; unset: nowhere.'),
  PRICES_FILE: unset('JSON with the prices of your provider (docs/cost.md); unset: those of Spaces.'),
  DO_AGENT_URL: secret(
    'Chat completions of a DigitalOcean agent, or of any model that speaks as OpenAI does; unset: /chat answers from the library alone.',
  ),
  DO_AGENT_KEY: secret('Access key of that endpoint.'),
  DO_AGENT_MODEL: usually(
    'default',
    'Name of the model; DigitalOcean agents have one of their own and ignore it.',
  ),
  AGENT_TOOL_MODE: usually(
    'auto',
    'How tools are called: native, json for models without tool calls, or auto to find out.',
  ),
  AGENT_PROFILE: usually(
    'auto',
    'What the model is shown: small fits 8,192 tokens, large is all; auto goes by its name.',
  ),
  AGENT_MAX_STEPS: usually('8', 'How often the model is asked for one answer.'),
  AGENT_CONVERSATION_TOKENS: usually('300000', 'Tokens that one conversation may use.'),
  AGENT_DAILY_TOKENS: usually('2000000', 'Tokens that all questions about one log source may use in a day.'),
  AGENT_DAILY_USD: usually('5', 'US dollars that all questions together may cost in a day.'),
  AGENT_INPUT_USD: usually('3', 'What a million tokens that the model reads cost.'),
  AGENT_OUTPUT_USD: usually('15', 'What a million tokens that the model writes cost.'),
  LOG_LEVEL: usually('info', 'trace, debug, info, warn, error, fatal or silent.'),
  DEMO: usually('auto', 'Generated logs: on, off, or auto (on while no source is configured).'),
  DEMO_LINES: usually('200000', 'Lines that the demo writes for the seven days before now.'),
  DEMO_SEED: usually('1', 'The same seed gives the same demo.'),
} satisfies Record<string, Variable>
