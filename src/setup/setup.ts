import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { cancel, confirm, intro, log, note, outro, password, select, spinner, text } from '@clack/prompts'
import { readConfig } from '../config.ts'
import { InvalidError, UnavailableError } from '../errors.ts'
import { Secret } from '../secret.ts'
import { defaultRegion, spacesEndpoint } from '../source-config.ts'
import { spacesRegions } from '../spaces-regions.ts'
import type { SourceConfig } from '../source-config.ts'
import { checkSource, counted, sourceFindings } from './check-source.ts'
import { setVariables } from './env-file.ts'

const usage = `npm run setup asks for a log source, checks it, and writes it to .env.
Without a terminal: SPACES_KEY=... SPACES_SECRET=... LOG_BUCKET=... npm run setup -- --yes
  --file PATH   write there instead of .env`

const { values: flags } = parseArgs({
  options: {
    yes: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
    file: { type: 'string', default: '.env' },
  },
})

/** What a person is asked for, one after the other; Ctrl-C ends it and nothing is written. */
async function ask(): Promise<SourceConfig> {
  intro('SpaceWatch: which access logs shall it read?')
  const region = answered(
    await select({
      message: 'Region of the log bucket',
      options: [
        ...spacesRegions.map((value) => ({ value, label: value })),
        { value: '', label: 'another S3 server' },
      ],
      initialValue: defaultRegion,
    }),
  )
  const endpoint =
    region === ''
      ? answered(
          await text({ message: 'Its address', placeholder: 'https://s3.example.org:9000', validate: noUrl }),
        )
      : spacesEndpoint(region)
  const key = answered(await text({ message: 'Access key that may list and read it', validate: nothing }))
  const secret = answered(await password({ message: 'Its secret', validate: nothing }))
  const source = sourceAt(endpoint, region, key, secret)

  const waiting = spinner()
  waiting.start('asking for the buckets of this key')
  const { buckets, valid, problem } = await checkSource(source)
  waiting.stop(
    valid ? `the key reaches ${counted(buckets.length, 'bucket')}` : 'the key may not list buckets',
  )
  if (problem?.code === 'bad_credentials') throw new InvalidError(problem.message, problem.hint ?? undefined)
  const target = buckets.map(({ logging }) => (logging.state === 'on' ? logging : null)).find(Boolean)
  const bucket = answered(
    buckets.length > 0
      ? await select({
          message: 'Bucket that access logs are delivered to',
          options: buckets.map(({ name }) => ({ value: name, label: name })),
          ...(target && { initialValue: target.target_bucket }),
        })
      : await text({ message: 'Bucket that access logs are delivered to', validate: nothing }),
  )
  const initialValue = target?.target_bucket === bucket ? target.target_prefix : ''
  const prefix = answered(
    await text({ message: 'What the names of the logs begin with', initialValue, defaultValue: '' }),
  )
  return { ...source, bucket, prefix }
}

/** From the environment, as a secret on a command line can be seen by others. */
function given(): SourceConfig {
  const [source] = readConfig().sources
  if (source) return source
  throw new InvalidError('Cannot go on: no log source is set', usage)
}

function sourceAt(endpoint: string, region: string, key: string, secret: string): SourceConfig {
  const pathStyle = region === ''
  return {
    endpoint,
    region: region || 'us-east-1',
    key,
    secret: new Secret(secret),
    bucket: '',
    prefix: '',
    pathStyle,
  }
}

async function main(): Promise<void> {
  if (flags.help) return console.log(usage)
  if (!flags.yes && !process.stdin.isTTY) throw new InvalidError('Cannot ask: this is no terminal', usage)
  const source = flags.yes ? given() : await ask()
  const findings = sourceFindings(await checkSource(source))
  for (const { name, state, fact, remedy } of findings) {
    const line = `${name}: ${fact}`
    if (state === 'ok') log.success(line)
    else log[state === 'warning' ? 'warn' : 'error'](remedy ? `${line}\n${remedy}` : line)
  }
  const isRight = findings.every(({ state }) => state !== 'wrong')
  if (!isRight && flags.yes) throw new InvalidError('Cannot use this log source', 'nothing was written')
  if (!isRight && !answered(await confirm({ message: 'Write it all the same?', initialValue: false }))) stop()

  const { endpoint, region, key, secret, bucket, prefix, pathStyle } = source
  const path = resolve(flags.file)
  setVariables(path, {
    SPACES_KEY: key,
    SPACES_SECRET: secret.reveal(),
    SPACES_REGION: region,
    ...(pathStyle && { SPACES_ENDPOINT: endpoint }),
    LOG_BUCKET: bucket,
    LOG_PREFIX: prefix,
  })
  note(
    `SPACES_KEY, SPACES_SECRET, LOG_BUCKET and the rest are in ${path},\nwhich only you can read.`,
    'Written',
  )
  outro('npm start reads the logs; npm run doctor looks at everything again')
}

function answered<T>(answer: T): Exclude<T, symbol> {
  return typeof answer === 'symbol' ? stop() : (answer as Exclude<T, symbol>)
}

function stop(): never {
  cancel('Nothing was written.')
  process.exit(1)
}

function nothing(value: string | undefined): string | undefined {
  return value?.trim() ? undefined : 'write it'
}

function noUrl(value: string | undefined): string | undefined {
  const protocol = URL.parse(value ?? '')?.protocol
  return protocol === 'https:' || protocol === 'http:'
    ? undefined
    : 'write an address such as https://s3.example.org'
}

await main().catch((error: unknown) => {
  if (!(error instanceof InvalidError || error instanceof UnavailableError)) throw error
  console.error(error.hint ? `${error.message}\n${error.hint}` : error.message)
  process.exit(1)
})
