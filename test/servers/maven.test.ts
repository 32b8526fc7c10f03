import { expect, test } from 'bun:test'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { InvalidError, UnavailableError } from '../../src/errors.ts'
import { fetchJars } from '../../src/servers/maven.ts'
import { commandDir } from '../support/command-dir.ts'
import { tempDir } from '../support/temp-dir.ts'
import { until } from '../support/until.ts'

// The last argument of mvn is -DoutputDirectory=…; everything else is in pom.xml.
const copying = `
for last; do :; done; out="\${last#-DoutputDirectory=}"
echo "[INFO] Downloading from somewhere: ftp://host/thing-1.jar"
mkdir "$out" && cp pom.xml "$out/thing-1.jar"`

function fetching(script: string) {
  const progress: string[] = []
  const dir = join(tempDir(), 'lib', 'thing-1')
  const options = {
    name: 'Thing 1',
    coordinates: 'org.example:thing:1',
    dir,
    progress: (line: string) => progress.push(line),
  }
  return { ...options, path: commandDir({ mvn: script }), lines: progress }
}

test('fetchJars asks Maven for the coordinates and tells what is being fetched', async () => {
  const options = fetching(copying)
  await fetchJars(options)
  expect(readdirSync(options.dir)).toEqual(['thing-1.jar'])
  const asked = readFileSync(join(options.dir, 'thing-1.jar'), 'utf8')
  expect(asked).toContain('<groupId>org.example</groupId><artifactId>thing</artifactId><version>1</version>')
  expect(options.lines).toEqual(['fetching Thing 1', 'fetching Thing 1: thing-1.jar', 'fetched Thing 1'])
})

test('fetchJars needs neither network nor Maven the second time', async () => {
  const options = fetching(copying)
  await fetchJars(options)
  await fetchJars({ ...options, path: commandDir({ mvn: 'exit 1' }) })
  await fetchJars({ ...options, path: commandDir({}) })
  expect(readdirSync(dirname(options.dir))).toEqual(['thing-1'])
})

test('fetchJars begins a half-finished fetch anew', async () => {
  const options = fetching(copying)
  const failing = commandDir({ mvn: `${copying}; exit 1` })
  expect(await fetchJars({ ...options, path: failing }).catch((error) => error)).toBeInstanceOf(
    UnavailableError,
  )
  expect(existsSync(options.dir)).toBe(false)
  await fetchJars(options)
  expect(readdirSync(options.dir)).toEqual(['thing-1.jar'])
})

test('fetchJars shows the end of what Maven said, on both streams, when it fails', async () => {
  const options = fetching('seq 1 100; echo "[ERROR] no route to host" >&2; exit 1')
  const error = await fetchJars(options).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(UnavailableError)
  expect(String(error)).toContain('Cannot fetch Thing 1: mvn failed')
  expect(String(error)).toContain('[ERROR] no route to host')
  expect(String(error)).toContain('\n100')
  expect(String(error)).not.toContain('\n50\n')
})

test('fetchJars names the remedy when there is no Maven', async () => {
  const error = await fetchJars({ ...fetching(''), path: commandDir({}) }).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(InvalidError)
  expect(error).toMatchObject({ hint: expect.stringContaining('install Apache Maven') })
})

test('fetchJars ends Maven when it is aborted, and leaves nothing', async () => {
  const options = fetching('echo "[INFO] Downloading from somewhere: ftp://host/big.jar"; exec sleep 1000')
  const abort = new AbortController()
  const fetched = fetchJars({ ...options, signal: abort.signal }).catch((error: unknown) => error)
  await until(() => options.lines.includes('fetching Thing 1: big.jar'))
  abort.abort()
  expect(await fetched).toBeInstanceOf(UnavailableError)
  expect(readdirSync(dirname(options.dir))).toEqual([])
})
