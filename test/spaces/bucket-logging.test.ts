import { expect, test } from 'bun:test'
import { enableLoggingCommand } from '../../src/spaces/bucket-logging.ts'

test('the command that switches logging on is one that a shell reads as it is meant', async () => {
  const command = enableLoggingCommand({
    endpoint: 'https://sgp1.digitaloceanspaces.com',
    bucket: 'photos',
    log_bucket: 'my-logs',
    log_prefix: `it's $(touch x) "&; \\ü/`,
  })
  const print = command.replace(/^aws /, "printf '%s\\n' ")
  const [, ...words] = (await new Response(Bun.spawn(['sh', '-c', print]).stdout).text())
    .trimEnd()
    .split('\n')
  expect(words.slice(0, 5)).toEqual([
    'put-bucket-logging',
    '--endpoint-url',
    'https://sgp1.digitaloceanspaces.com',
    '--bucket',
    'photos',
  ])
  expect(words[5]).toBe('--bucket-logging-status')
  expect(JSON.parse(words[6] ?? '')).toEqual({
    LoggingEnabled: { TargetBucket: 'my-logs', TargetPrefix: `it's $(touch x) "&; \\ü/photos/` },
  })
})
