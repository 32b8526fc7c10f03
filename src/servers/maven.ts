import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { InvalidError, UnavailableError } from '../errors.ts'

const deadline_ms = 15 * 60_000

export interface FetchOptions {
  /** What people call it, for progress and errors: `QuestDB 9.3.4`. */
  name: string
  /** `group:artifact:version`; comes with all it needs at run time. */
  coordinates: string
  dir: string
  progress: (message: string) => void
  signal?: AbortSignal
  /** Where `mvn` is looked for; default: the process's PATH. */
  path?: string
}

/**
 * Fills `dir` with jars through the command `mvn`; does nothing when `dir` exists, as it is put in place only when complete.
 * Throws InvalidError without Maven, UnavailableError with the end of Maven's output when it fails.
 */
export async function fetchJars(options: FetchOptions): Promise<void> {
  const { name, coordinates, dir, progress, path } = options
  if (existsSync(dir)) return
  const mvn = Bun.which('mvn', path === undefined ? {} : { PATH: path })
  if (mvn === null) {
    throw new InvalidError(
      `Cannot fetch ${name}: no mvn on the PATH`,
      "install Apache Maven so that 'mvn -v' works",
    )
  }
  const target = resolve(dir)
  mkdirSync(dirname(target), { recursive: true })
  const partial = mkdtempSync(join(dirname(target), `.${basename(target)}-`))
  try {
    const jars = join(partial, 'jars')
    writeFileSync(join(partial, 'pom.xml'), pom(coordinates))
    progress(`fetching ${name}`)
    await run(mvn, partial, jars, options)
    // Another process may have been faster: its folder is as good.
    if (!existsSync(target)) renameSync(jars, target)
    progress(`fetched ${name}`)
  } finally {
    rmSync(partial, { recursive: true, force: true })
  }
}

async function run(mvn: string, cwd: string, jars: string, { name, progress, signal }: FetchOptions) {
  const deadline = AbortSignal.timeout(deadline_ms)
  const command = [
    '-B',
    'dependency:copy-dependencies',
    '-DincludeScope=runtime',
    `-DoutputDirectory=${jars}`,
  ]
  const child = Bun.spawn([mvn, ...command], {
    cwd,
    stdin: 'ignore',
    stderr: 'pipe',
    signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
  })
  const tail: string[] = []
  function take(line: string) {
    const [, jar] = /Downloading .*\/([^/ ]+\.jar)$/.exec(line) ?? []
    if (jar !== undefined) progress(`fetching ${name}: ${jar}`)
    tail.push(line)
    if (tail.length > 15) tail.shift()
  }
  await Promise.all([eachLine(child.stdout, take), eachLine(child.stderr, take), child.exited])
  if (child.exitCode === 0 && existsSync(jars)) return
  const fact = deadline.aborted ? `not done after ${deadline_ms / 60_000} minutes` : 'mvn failed'
  throw new UnavailableError(
    `Cannot fetch ${name}: ${fact}:\n${tail.join('\n')}`,
    'check that Maven reaches its repository (proxy and mirror: ~/.m2/settings.xml), then start again',
  )
}

async function eachLine(stream: ReadableStream<Uint8Array>, take: (line: string) => void) {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const bytes of stream) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line.trim() !== '') take(line.trim())
  }
}

function pom(coordinates: string): string {
  const [group, artifact, version] = coordinates.split(':')
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>spacewatch</groupId><artifactId>jars</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>
  </dependencies>
</project>
`
}
