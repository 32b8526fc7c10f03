import { expect, setDefaultTimeout, test } from 'bun:test'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { testBucket } from '../support/bucket.ts'
import { logLines } from '../support/log-lines.ts'
import { startScriptedModel } from '../support/scripted-model.ts'
import { testS3 } from '../support/servers.ts'
import { tempDir } from '../support/temp-dir.ts'
import { until } from '../support/until.ts'

setDefaultTimeout(60_000)

const root = join(import.meta.dir, '../..')
const { endpoint, accessKey, secretKey } = await testS3()

async function run(script: string, args: string[], env: Record<string, string>) {
  const child = Bun.spawn([process.execPath, '--no-env-file', join(root, 'src/setup', script), ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdin: 'ignore',
    stderr: 'pipe',
  })
  const [out, error] = await Promise.all([child.stdout.text(), child.stderr.text()])
  return { code: await child.exited, output: out + error }
}

async function logBucket() {
  const { bucket, putAll } = await testBucket()
  await putAll([['logs/first', logLines('first', 5)]])
  const env = { SPACES_KEY: accessKey, SPACES_SECRET: secretKey, SPACES_ENDPOINT: endpoint }
  return { bucket, env: { ...env, LOG_BUCKET: bucket, LOG_PREFIX: 'logs/' } }
}

test('setup writes a log source that it has checked, and doctor finds it right', async () => {
  const { env, bucket } = await logBucket()
  const path = join(tempDir(), '.env')
  const { code, output } = await run('setup.ts', ['--yes', '--file', path], env)
  expect(output).toContain(`log bucket ${bucket}/logs/: at least 1 log object (s3), newest operation 20`)
  expect(output).not.toContain(secretKey)
  expect(code).toBe(0)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  const written = Object.fromEntries(
    readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split('=', 2)),
  ) as Record<string, string>
  expect(written).toEqual({ ...env, SPACES_REGION: written['SPACES_REGION'] ?? '' })

  const doctor = await run('doctor.ts', [], { ...written, DATA_DIR: tempDir(), PORT: '0' })
  expect(doctor.output).toContain(`✓ log bucket ${bucket}/logs/`)
  expect(doctor.code).toBe(0)
})

test('what is wrong is not written, and both say what to do', async () => {
  const { env, bucket } = await logBucket()
  const path = join(tempDir(), '.env')
  for (const [change, said] of [
    [{ SPACES_SECRET: 'no-such-secret' }, 'Spaces key'],
    [{ LOG_BUCKET: `${bucket}-not` }, `${bucket}-not`],
    [{ LOG_PREFIX: 'else/' }, 'it is empty'],
  ] as const) {
    const { code, output } = await run('setup.ts', ['--yes', '--file', path], { ...env, ...change })
    expect(output).toContain(said)
    expect(output).not.toContain('no-such-secret')
    // An empty log bucket is how everybody begins.
    expect([said, code, existsSync(path)]).toEqual([
      said,
      said === 'it is empty' ? 0 : 1,
      said === 'it is empty',
    ])
    const doctor = await run('doctor.ts', [], { ...env, ...change, DATA_DIR: tempDir(), PORT: '0' })
    expect(doctor.output).toContain(said)
    expect(doctor.code).toBe(code)
  }
})

test('setup asks on a terminal, and Ctrl-C writes nothing', async () => {
  await logBucket()
  const path = join(tempDir(), '.env')
  let screen = ''
  const child = Bun.spawn(
    [process.execPath, '--no-env-file', join(root, 'src/setup/setup.ts'), '--file', path],
    {
      env: { PATH: process.env['PATH'] ?? '', TERM: 'xterm' },
      terminal: { cols: 120, rows: 40, data: (_, bytes) => void (screen += bytes.toString()) },
    },
  )
  const { terminal } = child
  const shows = (text: string) => until(() => screen.includes(text), { what: `${text} on the screen` })
  await shows('Region of the log bucket')
  // Up from the region that is chosen: to the first, and round to the last.
  terminal?.write('\u001b[A'.repeat(5))
  terminal?.write('\r')
  await shows('Its address')
  terminal?.write(`${endpoint}\r`)
  await shows('Access key')
  terminal?.write(`${accessKey}\r`)
  await shows('Its secret')
  terminal?.write(`${secretKey}\r`)
  await shows('Bucket that access logs are delivered to')
  // A long list shows a part of itself.
  expect(screen).toContain('bucket-')
  expect(screen).not.toContain(secretKey)
  terminal?.write('\u0003')
  expect(await child.exited).toBe(1)
  expect(screen).toContain('Nothing was written.')
  expect(existsSync(path)).toBe(false)
})

test('doctor asks the model that is set, and says when it does not answer', async () => {
  const model = await startScriptedModel()
  const env = { DATA_DIR: tempDir(), PORT: '0', DO_AGENT_URL: model.url, DO_AGENT_KEY: 'agent-secret-key' }
  const right = await run('doctor.ts', [], env)
  expect(right.output).toContain('✓ agent: answers after')
  expect(right.code).toBe(0)
  expect(model.seen[0]?.authorization).toBe('Bearer agent-secret-key')
  await model.close()
  const wrong = await run('doctor.ts', [], env)
  expect(wrong.output).toContain('✗ agent: Cannot')
  expect(wrong.output + right.output).not.toContain('agent-secret-key')
  expect(wrong.code).toBe(1)
})
