import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startApp } from './app-process.ts'
import { removeTempDirs, tempDir } from './temp-dir.ts'
import { until } from './until.ts'

/**
 * `bun test/support/run-schemathesis.ts --with PATH [--examples 40]`: fuzzes a running demo by its own OpenAPI document,
 * once with the API key, once with Spaces credentials. PATH is that of `schemathesis` 4, which comes from PyPI.
 */
const { values } = parseArgs({
  options: { with: { type: 'string', default: 'schemathesis' }, examples: { type: 'string', default: '40' } },
})
const dir = tempDir()
const data = join(dir, 'data')
mkdirSync(data)
symlinkSync(join(import.meta.dir, '../../.spacewatch/lib'), join(data, 'lib'))
const config = join(dir, 'schemathesis.toml')
writeFileSync(
  config,
  `[checks]
# The document does not say which texts are times, buckets or metrics.
positive_data_acceptance.enabled = false
negative_data_rejection.expected-statuses = [400, 401, 403, 404, 405, 406, 409, 411, 413, 415, 429, 431]
# No model is configured.
[[operations]]
include-path = "/chat"
checks.not_a_server_error.expected-statuses = ["2xx", "4xx", 503]
# All its parameters at their longest are more than a request may hold: 431 before the method is looked at.
[[operations]]
include-path = "/ask/{question}"
checks.unsupported_method.enabled = false
`,
)
const apiKey = crypto.randomUUID()
const app = startApp({
  env: {
    DATA_DIR: data,
    DEMO: 'on',
    DEMO_LINES: '20000',
    PORT: '0',
    APP_API_KEY: apiKey,
    RATE_LIMIT_PER_SECOND: '0',
    LOG_LEVEL: 'warn',
  },
  logFile: join(dir, 'app.log'),
})
await until(() => /read \d+ log objects/.test(app.output()), {
  timeout_ms: 300_000,
  what: 'the demo is read',
}).catch((error: unknown) => {
  console.error(app.output())
  throw error
})
const url = app.url() ?? ''
const health = await fetch(`${url}/health`, { headers: { 'x-api-key': apiKey } })
const { sources } = (await health.json()) as {
  sources: { endpoint: string; bucket: string; prefix: string }[]
}
const [{ endpoint, bucket, prefix } = { endpoint: '', bucket: '', prefix: '' }] = sources
const secret = await Bun.file(join(data, 'demo-secret')).text()

const asOperator = { 'X-Api-Key': apiKey, 'X-Endpoint': endpoint }
const asCaller = {
  'X-Spaces-Key': 'demo',
  'X-Spaces-Secret': secret.trim(),
  'X-Endpoint': endpoint,
  'X-Region': 'us-east-1',
  'X-Log-Bucket': bucket,
  'X-Log-Prefix': prefix,
  'X-Metrics-Bucket': bucket,
  'X-Metrics-Prefix': 'snapshots/',
}
for (const headers of [asOperator, asCaller]) {
  const sent = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
  const command = [values.with, '--config-file', config, 'run', `${url}/openapi.json`, ...sent]
  const how = ['-n', values.examples, '--phases', 'examples,coverage,fuzzing', '--continue-on-failure']
  const child = Bun.spawn([...command, ...how], { cwd: dir, stdout: 'inherit', stderr: 'inherit' })
  if ((await child.exited) !== 0) process.exitCode = 1
}
app.kill('SIGTERM')
await app.exited
removeTempDirs()
process.exit()
