import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Log } from '../log.ts'
import { startChild } from './child.ts'
import type { Child } from './child.ts'
import { findJava } from './java.ts'
import { fetchJars } from './maven.ts'
import { freePort } from './port.ts'
import { endStale, stalenessMarks } from './stale.ts'

const version = '3.0.0'
const host = '127.0.0.1'

export interface S3ProxyOptions {
  dataDir: string
  /** Where the jars are kept; default: `lib` in `dataDir`. */
  libDir?: string
  port?: number
  accessKey: string
  secretKey: string
  log: Log
  progress: (message: string) => void
  signal?: AbortSignal
}

/** A running S3 server. */
export interface S3Server extends Child {
  /** Plain http on loopback; clients need path-style addresses and `requestChecksumCalculation: 'WHEN_REQUIRED'`. */
  endpoint: string
}

/** Fetches S3Proxy at the first start and runs it on loopback with `dataDir/s3proxy/buckets` as its storage. */
export async function startS3Proxy({
  dataDir,
  libDir = join(dataDir, 'lib'),
  port: preferred = 9100,
  accessKey,
  secretKey,
  log,
  progress,
  signal,
}: S3ProxyOptions): Promise<S3Server> {
  const home = resolve(dataDir, 's3proxy')
  const jars = resolve(libDir, `s3proxy-${version}`)
  const { java } = await findJava()
  await fetchJars({
    name: `S3Proxy ${version}`,
    coordinates: `org.gaul:s3proxy:${version}`,
    dir: jars,
    progress,
    ...(signal && { signal }),
  })
  mkdirSync(join(home, 'buckets'), { recursive: true, mode: 0o700 })
  for (const pid of await endStale(home)) log.warn({ pid }, 'Ended the S3 server that an earlier run left')

  const { port, taken } = await freePort(preferred, host)
  if (taken) log.warn({ preferred, port }, `S3 server: port ${preferred} is taken, using ${port}`)
  const endpoint = `http://${host}:${port}`
  const properties = join(home, 's3proxy.properties')
  writePrivate(
    properties,
    propertyLines({
      's3proxy.endpoint': endpoint,
      's3proxy.authorization': 'aws-v2-or-v4',
      's3proxy.identity': accessKey,
      's3proxy.credential': secretKey,
      'jclouds.provider': 'filesystem-nio2',
      'jclouds.identity': 'unused',
      'jclouds.credential': 'unused',
      'jclouds.filesystem.basedir': join(home, 'buckets'),
    }),
  )
  const logback = join(home, 'logback.xml')
  writePrivate(logback, quietLog)

  progress(`starting S3Proxy ${version}`)
  const child = await startChild({
    name: 'S3 server',
    command: [
      java,
      ...stalenessMarks(home),
      '-Xmx512m',
      `-Dlogback.configurationFile=${logback}`,
      '-cp',
      join(jars, '*'),
      'org.gaul.s3proxy.Main',
      '--properties',
      properties,
    ],
    // Java writes file names in the locale's encoding: keys beyond ASCII need UTF-8.
    env: { LC_ALL: 'C.UTF-8' },
    logFile: join(home, 's3proxy.log'),
    ready: () => answers(endpoint),
    log,
  })
  return Object.assign(child, { endpoint })
}

/** Any answer will do, and an unsigned request is refused. */
function answers(endpoint: string): Promise<boolean> {
  return fetch(endpoint, { signal: AbortSignal.timeout(2000), headers: { connection: 'close' } }).then(
    (response) => response.status === 403,
    () => false,
  )
}

function writePrivate(path: string, text: string) {
  writeFileSync(path, text, { mode: 0o600 })
  chmodSync(path, 0o600)
}

/** A Java properties file; what is not plain is written as an escape. */
function propertyLines(properties: Record<string, string>): string {
  const escape = (text: string) =>
    text.replace(/[^!-[\]-~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return Object.entries(properties)
    .map(([key, value]) => `${key}=${escape(value)}\n`)
    .join('')
}

// Its default is to log everything, which costs more than the serving.
const quietLog = `<configuration>
  <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%d %level %logger{0}: %msg%n</pattern></encoder>
  </appender>
  <root level="WARN"><appender-ref ref="OUT"/></root>
</configuration>
`
