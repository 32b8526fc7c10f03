import { explainRefusal } from '../../src/gate/explain.ts'
import { createGate } from '../../src/gate/gate.ts'
import type { Gate } from '../../src/gate/gate.ts'
import { rewrite } from '../../src/gate/rewrite.ts'
import type { Rewriter } from '../../src/gate/rewriter.ts'
import { parseWindow } from '../../src/metrics/window.ts'
import { createTurns } from '../../src/server/turns.ts'
import { execute } from '../../src/store/http.ts'
import { openQueryPool } from '../../src/store/query.ts'
import type { QueryPool } from '../../src/store/query.ts'
import { operation, startOperationsStore } from '../metrics/operations-store.ts'
import type { OperationsStore, StoredOperation } from '../metrics/operations-store.ts'
import { stopAfterTests } from '../support/servers.ts'

/** Stands in every text of the other tenant's rows, and in no SQL of ours. */
export const canary = 'foreigncanary'
/** Counts and bytes of the other tenant begin here; no number of the own rows lies near it. */
export const canaryNumber = 1_000_000_000_000

export const own = 'aaaa1111'
export const foreign = 'bbbb2222'

export interface GateStore extends OperationsStore {
  gate: Gate
  pool: QueryPool
}

const stores = new Map<string, Promise<GateStore>>()

/** A QuestDB with rows of the named sources, and a gate before it; one for all tests of this process. */
function gateStore(...sources: string[]): Promise<GateStore> {
  const name = sources.join()
  const store = stores.get(name) ?? startGateStore(sources)
  stores.set(name, store)
  return store
}

/** Of both tenants. */
export const sharedStore = (): Promise<GateStore> => gateStore(own, foreign)
/** Of one of them: the same rows, without the other's. */
export const aloneStore = (): Promise<GateStore> => gateStore(own)

async function startGateStore(sources: readonly string[]): Promise<GateStore> {
  const store = await startOperationsStore()
  await store.insert(sources.flatMap(rowsOf))
  for (const source of sources) for (const sql of ledgerOf(source)) await execute(store.address, sql)
  for (const table of ['log_objects', 'snapshots', 'events', 'refused_lines'])
    await execute(store.address, `SELECT wait_wal_table('${table}')`)
  await store.refreshRollups()
  const pool = openQueryPool(store.address.pgUrl, { connections: 2, timeout_ms: 10_000 })
  stopAfterTests(async () => {
    await pool.close()
    await store.stop()
  })
  return { ...store, pool, gate: testGate(pool) }
}

/** Without the thread, for many statements. */
const rewriterHere: Rewriter = {
  rewrite: async (request) => rewrite(request),
  explain: async (refusal) => explainRefusal(refusal),
}

export function testGate(pool: Pick<QueryPool, 'read'>): Gate {
  return createGate({
    pool,
    turns: createTurns({ at_once: 2, waiting: 20 }),
    readWindow: (given) => parseWindow(given, Date.now(), false),
    rewriter: rewriterHere,
  })
}

// The same rows for the same source, whichever store they go to.
function rowsOf(source: string): StoredOperation[] {
  const random = numbers(source === own ? 11 : 23)
  const tag = source === own ? '' : canary
  const huge = source === own ? 0 : canaryNumber
  const text = (value: string): string => `${tag}${value}`
  const begin_us = (hour() - 6 * 3_600_000) * 1000
  const step_us = source === own ? 14_000_000 : 10_000_000
  return Array.from({ length: source === own ? 1_500 : 2_100 }, (_, index): StoredOperation => {
    const [name, kind, method] = pick(random, operations)
    const status = pick(random, [200, 200, 200, 206, 304, 403, 404, 500, 503])
    const prefix = pick(random, ['images', 'video', 'docs'])
    const isCdn = name === 'REST.GET.OBJECT' && random(5) === 0
    const about =
      kind === 'list' || kind === 'config'
        ? null
        : text(`${prefix}/${random(60)}.${pick(random, ['jpg', 'mp4', 'txt'])}`)
    return operation({
      // A moment of its own for each row, so that nothing is left to chance where an order ends.
      ts: begin_us + index * step_us + random(9_000_000),
      source,
      format: isCdn ? 'cdn' : 's3',
      bucket: text(pick(random, ['photos', 'films', 'papers'])),
      operation: name,
      class: kind,
      is_request: random(20) > 0,
      method,
      status,
      error_code: status < 400 ? null : text(pick(random, ['NoSuchKey', 'AccessDenied', 'SlowDown'])),
      key: about,
      key_prefix: about === null ? null : text(prefix),
      bytes_sent: huge + (kind === 'read' ? random(100_000) : 0),
      bytes_received: huge + (kind === 'write' ? random(100_000) : 0),
      object_size: huge + random(100_000),
      total_ms: 1 + random(2_000),
      turnaround_ms: random(900),
      remote_ip: source === own ? `10.0.${random(3)}.${random(30)}` : `192.0.2.${random(250)}`,
      requester: random(3) === 0 ? null : text(`user-${random(4)}`),
      request_id: text(`R${index}`),
      request_uri: text(`GET /${about ?? ''} HTTP/1.1`),
      referer: random(3) === 0 ? null : `https://${tag}site-${random(4)}.example/page/${random(9)}`,
      user_agent: text(
        pick(random, [
          'curl/8',
          'Mozilla/5.0',
          'Googlebot/2.1',
          'agent "quoted" -- not a comment; /* nor this */ 😀',
        ]),
      ),
      version_id: random(9) === 0 ? text(`v${random(5)}`) : null,
      host: text('photos.example'),
      signature_version: pick(random, ['SigV2', 'SigV4', null]),
      auth_type: pick(random, ['AuthHeader', 'QueryString', null]),
      tls_version: pick(random, ['TLSv1.1', 'TLSv1.2', 'TLSv1.3', null]),
      cipher: pick(random, ['AES128', 'AES256', null]),
      cache_result: isCdn ? pick(random, ['Hit', 'Miss']) : null,
      edge_location: isCdn ? text('AMS1') : null,
      line_hash: BigInt(index + 1),
    })
  })
}

const operations = [
  ['REST.GET.OBJECT', 'read', 'GET'],
  ['REST.GET.OBJECT', 'read', 'GET'],
  ['REST.HEAD.OBJECT', 'read', 'HEAD'],
  ['REST.PUT.OBJECT', 'write', 'PUT'],
  ['REST.POST.UPLOADS', 'write', 'POST'],
  ['REST.COPY.OBJECT', 'copy', 'PUT'],
  ['REST.DELETE.OBJECT', 'delete', 'DELETE'],
  ['REST.GET.BUCKET', 'list', 'GET'],
  ['REST.GET.ACL', 'config', 'GET'],
] as const

function ledgerOf(source: string): string[] {
  const tag = source === own ? '' : canary
  const huge = source === own ? 0 : canaryNumber
  const at = (minutes: number): string => `'${new Date(hour() - minutes * 60_000).toISOString()}'`
  const many = <T>(count: number, row: (index: number) => T): T[] =>
    Array.from({ length: count }, (_, index) => row(index))
  const insert = (table: string, columns: string, rows: string[]): string =>
    `INSERT INTO ${table} (${columns}) VALUES ${rows.map((row) => `(${row})`).join(', ')}`
  return [
    insert(
      'log_objects',
      'ts, source, key, etag, bytes, lines, rows, refused, blank, state, reason, oldest_event, newest_event, ingested_at',
      many(30, (n) => {
        const refused = n % 10 === 9
        return `${at(10 * n)}, '${source}', '${tag}logs/${n}', '${tag}e${n}', ${huge + 1000 * n}, ${huge + 100}, ${huge + (refused ? 0 : 99)}, ${huge + 1}, 0, '${refused ? 'refused' : 'done'}', ${refused ? `'${tag}no log'` : 'null'}, ${at(10 * n + 9)}, ${at(10 * n + 3)}, ${at(10 * n)}`
      }),
    ),
    insert(
      'snapshots',
      'ts, source, bucket, objects, bytes, truncated, requests_24h, errors_24h',
      many(
        12,
        (n) =>
          `${at(60 * Math.floor(n / 3) + n)}, '${source}', '${tag}${['photos', 'films', 'papers'][n % 3]}', ${huge + 10 * n}, ${huge + 5000 * n}, false, ${huge + n}, ${huge}`,
      ),
    ),
    insert(
      'events',
      'ts, id, rule, severity, state, source, format, bucket, measure, unit, before, after, started_at',
      many(
        5,
        (n) =>
          `${at(30 * n + 1)}, '${tag}id${n}${source}', 'errors_5xx', 'warning', '${n === 0 ? 'open' : 'over'}', '${source}', 's3', '${tag}photos', '${tag}errors', 'Percent', ${huge + n}, ${huge + 2 * n}, ${at(30 * n + 1)}`,
      ),
    ),
    insert(
      'refused_lines',
      'ts, source, log_object, line, reason, excerpt',
      many(
        20,
        (n) =>
          `${at(10 * n)}, '${source}', '${tag}logs/${n}', ${huge + n}, '${n % 2 ? 'fields' : 'time'}', '${tag}excerpt ${n}'`,
      ),
    ),
  ]
}

// Rows that end within the last hours, at the same moments in every store of a test run.
const started_ms = Date.now()
function hour(): number {
  return Math.floor(started_ms / 3_600_000) * 3_600_000 - 60_000
}

/** Numbers below what is asked for, the same for the same seed. */
export function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

export function pick<T>(random: (below: number) => number, values: readonly T[]): T {
  const value = values[random(values.length)]
  if (value === undefined) throw new Error('Cannot pick from nothing')
  return value
}

/** The statements of a corpus: one a line, an indented line goes on; `#` begins a heading. */
export async function readCorpus(name: string): Promise<{ family: string; sql: string }[]> {
  const text = await Bun.file(`${import.meta.dir}/corpus/${name}.sql`).text()
  const statements: { family: string; sql: string }[] = []
  let family = ''
  for (const line of text.split('\n')) {
    const last = statements.at(-1)
    if (line.startsWith('# ')) family = line.slice(2)
    else if (/^\s/.test(line) && last) last.sql += `\n${line}`
    else if (line !== '') statements.push({ family, sql: line })
  }
  return statements
}
