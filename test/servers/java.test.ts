import { expect, test } from 'bun:test'
import { InvalidError } from '../../src/errors.ts'
import { findJava, javaVersion } from '../../src/servers/java.ts'
import { commandDir } from '../support/command-dir.ts'

test.each([
  ['openjdk version "17.0.15" 2025-04-15', 17],
  ['Picked up JAVA_TOOL_OPTIONS: -Dx="1"\nopenjdk version "25" 2025-09-16', 25],
  ['java version "1.8.0_402"', 8],
  ['openjdk version "22-ea" 2024-03-19', 22],
  ['no such thing', Number.NaN],
])('javaVersion reads %j', (output, version) => {
  expect(javaVersion(output)).toBe(version)
})

test('findJava finds the java of this machine', async () => {
  const { java, version } = await findJava()
  expect(java).toStartWith('/')
  expect(version).toBeGreaterThanOrEqual(17)
})

test('findJava names the remedy when there is no java', async () => {
  const error = await findJava(commandDir({})).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(InvalidError)
  expect(error).toMatchObject({
    message: expect.stringContaining('no java'),
    hint: expect.stringContaining('17 or newer'),
  })
})

test('findJava refuses a java that is too old and shows its version', async () => {
  const path = commandDir({ java: 'echo \'openjdk version "11.0.2"\' >&2' })
  expect(findJava(path)).rejects.toThrow('openjdk version "11.0.2"')
})
