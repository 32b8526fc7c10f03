import { expect, test } from 'bun:test'
import { chmodSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { keepSecret } from '../../src/servers/kept-secret.ts'
import { tempDir } from '../support/temp-dir.ts'

const mode = (path: string) => statSync(path).mode & 0o777

test('keepSecret makes a secret that only the owner can read, and gives the same one again', () => {
  const dir = join(tempDir(), 'new')
  const made = keepSecret(join(dir, 'key')).reveal()
  expect(made).toMatch(/^[\w-]{43}$/)
  expect(mode(join(dir, 'key'))).toBe(0o600)
  chmodSync(join(dir, 'key'), 0o644)
  expect(keepSecret(join(dir, 'key')).reveal()).toBe(made)
  expect(mode(join(dir, 'key'))).toBe(0o600)
  expect(readdirSync(dir)).toEqual(['key'])
})

test('keepSecret makes different secrets, also in place of an empty file', () => {
  const dataDir = tempDir()
  writeFileSync(join(dataDir, 'empty'), '\n')
  const secrets = ['a', 'b', 'empty'].map((name) => keepSecret(join(dataDir, name)).reveal())
  expect(new Set(secrets).size).toBe(3)
  expect(mode(join(dataDir, 'empty'))).toBe(0o600)
})
