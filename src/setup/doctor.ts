import { accessSync, constants, existsSync, mkdirSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { resolve } from 'node:path'
import { readConfig } from '../config.ts'
import { createModel } from '../agent/model.ts'
import type { AgentConfig, Config } from '../config.ts'
import { InvalidError, UnavailableError } from '../errors.ts'
import { findJava } from '../servers/java.ts'
import { freePort } from '../servers/port.ts'
import type { SourceConfig } from '../source-config.ts'
import { questdbAddress } from '../store/address.ts'
import { execute } from '../store/http.ts'
import { openQueryPool } from '../store/query.ts'
import { find, ok } from './check.ts'
import type { Finding } from './check.ts'
import { checkSource, sourceFindings } from './check-source.ts'

const leastFree = 0.1
const answer_ms = 30_000

/** `npm run doctor`: looks at all that SpaceWatch needs, says what to do about each thing that is not right, and ends with 1 if one is wrong. */
async function* examine(): AsyncGenerator<Finding> {
  let config: Config | null = null
  const configuration = await find('configuration', () => {
    config = readConfig()
    const { warnings } = config
    if (warnings.length === 0) return ok('every variable can be used')
    return { state: 'warning', fact: warnings.join('; '), remedy: 'sample.env names every variable' }
  })
  yield configuration
  if (config) yield* examineConfigured(config)
}

async function* examineConfigured(config: Config): AsyncGenerator<Finding> {
  const { questdb, demo, sources } = config
  if (!questdb || demo) {
    yield find('Java', async () => ok(`version ${(await findJava()).version}`))
    yield find('Maven', () => {
      if (Bun.which('mvn')) return ok('found')
      const isFetched = existsSync(resolve(config.dataDir, 'lib'))
      const fact = isFetched ? 'not found, but what it fetches is there' : 'no mvn on the PATH'
      return {
        state: isFetched ? 'warning' : 'wrong',
        fact,
        remedy: "install Apache Maven so that 'mvn -v' works",
      }
    })
  }
  yield find('data directory', () => dataDirectory(resolve(config.dataDir)))
  yield find('port', () => port(config))
  if (questdb) yield find('QuestDB', () => externalQuestDB(questdb))
  if (demo)
    yield { name: 'log sources', ...ok('none is set: SpaceWatch shows its demo'), remedy: 'npm run setup' }
  for (const source of sources) yield* await examineSource(source)
  const { agent } = config
  if (agent) yield find('agent', () => askAgent(agent))
}

async function examineSource(source: SourceConfig): Promise<Finding[]> {
  const findings: Finding[] = []
  const answered = await find(`log source ${source.bucket}`, async () => {
    findings.push(...sourceFindings(await checkSource(source)))
    return ok('answers')
  })
  return answered.state === 'ok' ? findings : [answered]
}

async function dataDirectory(dir: string): Promise<Omit<Finding, 'name'>> {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    accessSync(dir, constants.W_OK)
  } catch {
    throw new InvalidError(`Cannot write to ${dir}`, 'set DATA_DIR to a directory of your own')
  }
  const { bavail, blocks, bsize } = await statfs(dir)
  const free = `${(Number(bavail * bsize) / 1e9).toFixed(0)} GB free at ${dir}`
  if (bavail / blocks >= leastFree) return ok(free)
  return {
    state: 'wrong',
    fact: `${free}, less than a tenth of the disk`,
    remedy: 'free some space, or set DATA_DIR to another disk: below that SpaceWatch stops reading logs',
  }
}

async function port({ port, host }: Config): Promise<Omit<Finding, 'name'>> {
  const { taken } = await freePort(port, host)
  if (!taken) return ok(`${port} is free on ${host}`)
  const answer = await fetch(`http://${host}:${port}/health/live`).catch(() => null)
  if (answer?.headers.has('x-request-id')) return ok(`SpaceWatch runs at http://${host}:${port}`)
  return {
    state: 'warning',
    fact: `${port} is taken by another program`,
    remedy: 'SpaceWatch will choose another port; set PORT to fix one',
  }
}

async function externalQuestDB({
  httpUrl,
  pgUrl,
}: NonNullable<Config['questdb']>): Promise<Omit<Finding, 'name'>> {
  const address = questdbAddress(httpUrl.reveal(), pgUrl.reveal())
  const [[build] = []] = await execute(address, 'SELECT build()', 5_000)
  const pool = openQueryPool(address.pgUrl, { connections: 1, timeout_ms: 5_000 })
  await pool.query('SELECT 1').finally(pool.close)
  return ok(`answers on HTTP and pg: ${String(build).slice(0, 60)}`)
}

/** One short question, as an address or a key can only be tried. */
async function askAgent({ url, key, model: name, mode }: AgentConfig): Promise<Omit<Finding, 'name'>> {
  const model = createModel({ url: url.reveal(), key, name, mode })
  const messages = [{ role: 'user' as const, content: 'Answer with one word: ready' }]
  const signal = AbortSignal.timeout(answer_ms)
  const started_ms = performance.now()
  try {
    for await (const _ of model.turn({
      messages,
      tools: [],
      must: 'answer',
      reserve: () => () => {},
      signal,
    }));
  } catch (error) {
    if (!signal.aborted) throw error
    throw new UnavailableError(`Cannot get an answer within ${answer_ms / 1000} s`, 'look at DO_AGENT_URL')
  }
  return ok(`answers after ${((performance.now() - started_ms) / 1000).toFixed(1)} s`)
}

const signs = { ok: '✓', warning: '!', wrong: '✗' }
let wrong = 0
for await (const { name, state, fact, remedy } of examine()) {
  if (state === 'wrong') wrong++
  console.log(`${signs[state]} ${name}: ${fact}`)
  if (remedy) console.log(`    ${remedy}`)
}
console.log(wrong === 0 ? '\nSpaceWatch can run: npm start' : `\n${wrong} to put right`)
process.exit(wrong === 0 ? 0 : 1)
