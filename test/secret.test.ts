import { expect, test } from 'bun:test'
import { format, inspect } from 'node:util'
import { Secret } from '../src/secret.ts'

const value = 'correct-horse-battery'
const secret = new Secret(value)

test('a secret gives its value to reveal() alone', () => {
  expect(secret.reveal()).toBe(value)
})

test.each<[string, () => string]>([
  ['a template string', () => `${secret}`],
  ['String()', () => String(secret)],
  ['joined text', () => ['key', secret].join('=')],
  ['an error message', () => new Error(`Cannot sign in with ${secret}`).message],
  ['JSON', () => JSON.stringify({ secret, list: [secret] })],
  ['Bun.inspect', () => Bun.inspect({ secret, list: [secret], map: new Map([['a', secret]]) })],
  [
    'node inspect',
    () => inspect({ deep: { er: { and: { deeper: secret } } } }, { depth: 9, showHidden: true }),
  ],
  ['format', () => format('%s %j %o', secret, secret, secret)],
])('%s shows [redacted] for a secret', (_, show) => {
  expect(show()).toContain('[redacted]')
  expect(show()).not.toContain(value)
})

test('a secret that is spread, cloned, listed or hung on an error shows no value', () => {
  expect(
    JSON.stringify([{ ...secret }, Object.entries(secret), structuredClone({ ...secret })]),
  ).not.toContain(value)
  expect(Bun.inspect({ ...secret })).not.toContain(value)
  expect(Bun.inspect(Object.assign(new Error('away'), { secret }))).not.toContain(value)
})

test('console and log print [redacted] for a secret', () => {
  const script = `
    import { Secret } from ${JSON.stringify(Bun.resolveSync('../src/secret.ts', import.meta.dir))}
    import { createLog } from ${JSON.stringify(Bun.resolveSync('../src/log.ts', import.meta.dir))}
    const secret = new Secret(process.argv[1])
    console.log(secret, { secret }); console.error(\`\${secret}\`); console.dir({ secret })
    createLog('info').info({ secret }, 'started')
    throw Object.assign(new Error('away'), { secret })`
  const run = Bun.spawnSync([process.execPath, '-e', script, value])
  const printed = run.stdout.toString() + run.stderr.toString()
  expect(printed.match(/\[redacted\]/g)).toHaveLength(5)
  expect(printed).not.toContain(value)
})
