import { createAgent } from './agent/agent.ts'
import type { AgentOptions } from './agent/agent.ts'
import { createAskInWords } from './agent/ask-in-words.ts'
import { createConversations } from './agent/conversations.ts'
import { createLibraryAnswers } from './agent/library/answer.ts'
import { libraryEntries } from './agent/library/entries.ts'
import { createFind } from './agent/library/find.ts'
import { createTools } from './agent/toolbox.ts'
import { egressUsdBeyondAllowance } from './cost/price-list.ts'
import type { PriceList } from './cost/price-list.ts'
import { providers } from './cost/prices.ts'
import { createReadCost } from './cost/read-cost.ts'
import { createExplain } from './explain/explain.ts'
import type { Detector } from './findings/detector.ts'
import { detectors as ownDetectors } from './findings/detectors.ts'
import { startFinder } from './findings/finder.ts'
import type { Finder } from './findings/finder.ts'
import { createFindings } from './findings/read-findings.ts'
import { createSightings } from './findings/sightings.ts'
import { readThresholds } from './findings/thresholds.ts'
import type { Thresholds } from './findings/thresholds.ts'
import { createGate } from './gate/gate.ts'
import type { Log } from './log.ts'
import { createCatalog } from './metrics/catalog.ts'
import { createCoverage } from './metrics/coverage.ts'
import type { SourceProgress } from './metrics/coverage.ts'
import { createRunMetrics } from './metrics/run-metrics.ts'
import { createSeries } from './metrics/series.ts'
import { readCountedDays } from './metrics/summaries.ts'
import { parseWindow } from './metrics/window.ts'
import type { LeaseStatus, SourceStatus } from './pipeline/answers.ts'
import { createAsk } from './questions/ask.ts'
import { createClosedFigures } from './records/closed-figures.ts'
import { createEventRows } from './records/event-rows.ts'
import { readRefused } from './records/log-objects.ts'
import { createObjectAudit } from './records/object-audit.ts'
import { createOperationRows } from './records/operation-rows.ts'
import { createOwnTraffic } from './records/own-traffic.ts'
import { createHealth, createProbe } from './server/health.ts'
import type { RequestRecorder } from './server/request-recorder.ts'
import type { Services } from './server/server.ts'
import { createStorageReads } from './server/storage-reads.ts'
import { createTurns } from './server/turns.ts'
import type { Appender } from './store/append.ts'
import type { ClosedDaysStatus } from './store/closed-days.ts'
import type { DaySummariesStatus } from './store/day-summaries.ts'
import type { Query, QueryPool } from './store/query.ts'
import type { WalStatus } from './store/wal-watch.ts'
import type { WatcherStatus } from './watch/watcher.ts'

export interface ServicesOptions {
  query: Query
  /** For SQL that people and models write; a pool of its own, so that it delays nothing else. */
  gatePool: Pick<QueryPool, 'read'>
  /** How many connections it has; default: 2. */
  gateConnections?: number
  /** Asks whether QuestDB answers, beside all other queries; default: `query`. */
  probeQuery?: Query
  sources: () => readonly SourceStatus[]
  /** How far every source is; default: those that run. */
  progress?: () => readonly SourceProgress[]
  /** The log sources that callers have brought. */
  leases?: () => readonly LeaseStatus[]
  slowOperation_ms: number
  /** What the operator pays; default: the prices of Spaces. */
  prices?: PriceList
  walStatus: () => WalStatus
  /** Null where days stay as they are, as by default. */
  closedDays?: () => ClosedDaysStatus | null
  /** Null where days are not counted beforehand, as by default. */
  daySummaries?: () => DaySummariesStatus | null
  /** Where SpaceWatch's own requests go; none: nowhere. */
  recorder?: RequestRecorder
  watcherStatus?: () => WatcherStatus | null
  /** Where what is said of findings goes. */
  append: Appender['append']
  /** What looks for findings; default: our own detectors. */
  detectors?: readonly Detector[]
  /** Of the detectors; default: their own. */
  thresholds?: Thresholds
  /** The model that /chat asks; null: none is configured. */
  agent?: Pick<AgentOptions, 'model' | 'modelName' | 'profile' | 'budget' | 'maxSteps'> | null
  log: Log
  now?: () => number
  /** Windows with more rows than this are read from the rollups. */
  rollupAbove_rows?: number
}

const day_ms = 86_400_000
const hour_ms = 3_600_000

/** Builds, once, what answers share: all that is read from the store, and what reads it. Nothing is looked for before `startFinder`. */
export function createServices(options: ServicesOptions): Services & { startFinder(): Finder } {
  const { query, gatePool, sources, walStatus, recorder, agent = null, log } = options
  const { gateConnections = 2, probeQuery = query, progress = sources, leases = () => [] } = options
  const {
    closedDays = () => null,
    daySummaries = () => null,
    watcherStatus = () => null,
    detectors = ownDetectors,
    thresholds = readThresholds(detectors, null),
    now = Date.now,
    rollupAbove_rows = 1_000_000,
    prices = providers.spaces,
  } = options

  const runMetrics = createRunMetrics({ query, progress, now, rollupAbove_rows })
  const readOperationRows = createOperationRows({ query, sources, progress, now })
  const metrics = {
    query,
    runMetrics,
    catalog: createCatalog({ runMetrics, slowOperation_ms: options.slowOperation_ms }),
    readSeries: createSeries({ query, runMetrics }),
    readOperationRows,
    readObjectAudit: createObjectAudit({ query, readOperationRows, now }),
    readCoverage: createCoverage({ query, progress }),
    storageReads: createStorageReads({ query, now }),
  }
  const gate = createGate({
    pool: gatePool,
    // One caller alone never takes all, and none waits for longer than a silent connection lives.
    turns: createTurns({ at_once: 2, waiting: 10, total: gateConnections, wait_ms: 40_000 }),
    readWindow: (given) => parseWindow(given, now(), false),
    readDays: (scope, window) => readCountedDays(query, scope, window),
  })
  const pricePerGib = egressUsdBeyondAllowance(prices, 2 ** 30)
  const askQuestion = createAsk({ gate, readCoverage: metrics.readCoverage, pricePerGib, now })
  const explain = createExplain({ gate, readCoverage: metrics.readCoverage, now })
  let finder: Finder | null = null
  const findings = createFindings({
    query,
    gate,
    sightings: createSightings(query, options.append),
    detectors,
    thresholds,
    prices,
    waiting: () => finder?.status().waiting_days ?? new Map(),
    now,
  })
  const readCost = createReadCost({ gate, readCoverage: metrics.readCoverage, prices, now })
  const tools = createTools({ ...metrics, gate, askQuestion, explain, findings, readCost })
  const answering = {
    tools,
    conversations: createConversations({ ttl_ms: hour_ms, atMost: 1_000, now }),
    onUnexpected: (err: unknown) => log.error({ err }, 'tool failed'),
  }
  const entries = libraryEntries(metrics.catalog.list())
  const find = createFind({ entries, query, now })
  const ask = createAskInWords({
    library: createLibraryAnswers({ ...answering, find }),
    model: agent && createAgent({ ...agent, ...answering, entries, find, now }),
  })
  const probe = createProbe(probeQuery)
  const readHealth = createHealth({
    probe,
    sources,
    readFigures: createClosedFigures({ query, sources, now }),
    readRefused: () => readRefused(query, now() - day_ms),
    walStatus,
    now,
  })
  return {
    startFinder() {
      const { append } = options
      finder = startFinder({ query, append, gate, detectors, thresholds, sources, log, now })
      return finder
    },
    metrics,
    sql: { gate, askQuestion, readCost },
    explain,
    findings,
    agent: { tools, ask, hasModel: agent !== null },
    own: {
      probe,
      readHealth,
      readEventRows: createEventRows({ query, now }),
      ownTraffic: createOwnTraffic({ query, now }),
      sources,
      leases,
      walStatus,
      closedDays,
      daySummaries,
      watcherStatus,
      recorder: recorder ?? null,
    },
  }
}
