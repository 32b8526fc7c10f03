import { closeSync, openSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** A running app, in a process group of its own. */
export interface AppProcess {
  pid: number
  /** Its exit code once it has ended; null when a signal ended it. */
  exited: Promise<number | null>
  kill(signal: 'SIGKILL' | 'SIGTERM' | 'SIGUSR2'): void
  /** What this process wrote so far, on both streams. */
  output(): string
  /** Where it listens; null until it does. */
  url(): string | null
}

export interface AppOptions {
  /** See src/config.ts for what it may hold. */
  env: Record<string, string>
  /** Its output is added to this file. */
  logFile: string
  /** Loaded before the app. */
  preload?: string
}

const root = join(import.meta.dir, '../..')
// Where it can be had, the kernel ends the app with us, in whatever way we end.
const setpriv = Bun.which('setpriv')
const tie = setpriv === null ? [] : [setpriv, '--pdeathsig', 'KILL', '--']

/** Starts the app as `npm start` does, with this environment and nothing else. */
export function startApp({ env, logFile, preload }: AppOptions): AppProcess {
  const output = openSync(logFile, 'a')
  const begin_bytes = statSync(logFile).size
  const command = [
    ...tie,
    process.execPath,
    '--no-env-file',
    ...(preload ? ['--preload', preload] : []),
    'src/main.ts',
  ]
  const child = Bun.spawn(command, {
    cwd: root,
    env: { PATH: '/usr/bin:/bin', ...env },
    detached: true,
    stdin: 'ignore',
    stdout: output,
    stderr: output,
  })
  closeSync(output)
  const kill = (signal: NodeJS.Signals): void => child.kill(signal)
  const last = (): void => kill('SIGKILL')
  process.on('exit', last)
  const written = (): string => readFileSync(logFile).subarray(begin_bytes).toString()
  return {
    pid: child.pid,
    exited: child.exited.then(() => {
      process.off('exit', last)
      return child.exitCode
    }),
    kill,
    output: written,
    url: () => /runs at (http:\S+)/.exec(written())?.[1]?.replace('localhost', '127.0.0.1') ?? null,
  }
}

/** The environment of an app that reads one log bucket into a running QuestDB, looks for new objects every second, and keeps every row. */
export function appEnvironment(options: {
  questdb: { httpUrl: string; pgUrl: string }
  s3: { endpoint: string; accessKey: string; secretKey: string; bucket: string }
  dataDir: string
}): Record<string, string> {
  const { questdb, s3, dataDir } = options
  return {
    QUESTDB_HTTP_URL: questdb.httpUrl,
    QUESTDB_PG_URL: questdb.pgUrl,
    SPACES_ENDPOINT: s3.endpoint,
    SPACES_KEY: s3.accessKey,
    SPACES_SECRET: s3.secretKey,
    LOG_BUCKET: s3.bucket,
    LOG_PREFIX: 'access-logs/',
    DATA_DIR: dataDir,
    PORT: '0',
    RETENTION_DAYS: '0',
    POLL_SECONDS: '1',
    RECONCILE_MINUTES: '1',
  }
}
