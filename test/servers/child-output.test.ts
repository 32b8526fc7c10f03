import { expect, test } from 'bun:test'
import { appendFileSync, readFileSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { openChildOutput } from '../../src/servers/child-output.ts'
import { tempDir } from '../support/temp-dir.ts'

test('child output shows the last lines of this start only', () => {
  const path = join(tempDir(), 'out.log')
  appendFileSync(path, 'of an earlier run\n')
  const output = openChildOutput(path)
  output.mark()
  writeSync(output.fd, `${Array.from({ length: 30 }, (_, i) => `line ${i}`).join('\n')}\n`)
  expect(output.tail()).toStartWith('line 15\n')
  expect(output.tail()).toEndWith('\nline 29')
  output.close()
})

test('child output never grows beyond its limit, and keeps the file before', () => {
  const path = join(tempDir(), 'out.log')
  const output = openChildOutput(path, 1000)
  for (let i = 0; i < 50; i++) {
    writeSync(output.fd, 'x'.repeat(90) + `${i}`.padStart(10))
    output.mark()
  }
  expect(statSync(path).size).toBeLessThanOrEqual(1000)
  expect(statSync(`${path}.1`).size).toBe(1100)
  writeSync(output.fd, 'last')
  expect(readFileSync(path, 'utf8')).toEndWith('49last')
  output.close()
})
