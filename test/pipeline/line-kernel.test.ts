import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { lines } from '../logs/mutated.ts'

const script = join(import.meta.dir, '../support/run-with-lists.ts')
const regular = lines[0] ?? ''

async function run(secret: string, column: string, line: string): Promise<{ out: string; err: string }> {
  const child = Bun.spawn([process.execPath, script, secret, column, line], {
    stdout: 'pipe',
    stderr: 'pipe',
  })
  return { out: await child.stdout.text(), err: await child.stderr.text() }
}

test('a word that is added to the one list of secret names is redacted in the rows that the kernel makes', async () => {
  const line = regular.replace('/a/b.jpg', '/a/b.jpg?my-zebra=abc123&b=2')
  expect(JSON.parse((await run('', '', line)).out)).toMatchObject({
    taken: 1,
    rows: expect.stringContaining('?my-zebra=abc123&b=2'),
  })
  expect(JSON.parse((await run('zebra', '', line)).out)).toMatchObject({
    taken: 1,
    rows: expect.stringContaining('?my-zebra=[redacted]&b=2'),
  })
})

test('a word that is added to the one list is redacted in a column that the kernel does not redact itself', async () => {
  const line = regular.replace('Mozilla', 'zebra=abc123 Mozilla')
  expect((await run('', '', line)).out).toContain('zebra=abc123')
  expect((await run('zebra', '', line)).out).not.toContain('abc123')
})

test('kernel does not start with the name of a column that is longer than its place', async () => {
  expect((await run('', '', regular)).out).toContain('"taken":1')
  expect((await run('', 's', regular)).err).toContain(
    'Cannot start the kernel: ,bytes_receiveds= has 17 bytes, its place 16',
  )
})
