import type { ReadCost } from '../cost/read-cost.ts'
import type { Explain } from '../explain/explain.ts'
import type { Findings } from '../findings/read-findings.ts'
import type { Gate } from '../gate/gate.ts'
import type { Catalog } from '../metrics/catalog.ts'
import type { ReadCoverage } from '../metrics/coverage.ts'
import type { ReadSeries } from '../metrics/series.ts'
import type { AskQuestion } from '../questions/ask.ts'
import type { ReadObjectAudit } from '../records/object-audit.ts'
import type { ReadOperationRows } from '../records/operation-rows.ts'
import type { Query } from '../store/query.ts'
import type { Tool } from './tool.ts'
import { askLibrary } from './tools/ask-library.ts'
import { buckets } from './tools/buckets.ts'
import { chart } from './tools/chart.ts'
import { describeTables } from './tools/describe-tables.ts'
import { explainChange } from './tools/explain-change.ts'
import { listFindings, readFinding } from './tools/findings.ts'
import { listAccessLogs } from './tools/list-access-logs.ts'
import { listObjects } from './tools/list-objects.ts'
import { metricsSeries } from './tools/metrics-series.ts'
import { metricsSources } from './tools/metrics-sources.ts'
import { objectAudit } from './tools/object-audit.ts'
import { queryMetric } from './tools/query-metric.ts'
import { readCost as costTool } from './tools/read-cost.ts'
import { readLog } from './tools/read-log.ts'
import { runSql } from './tools/run-sql.ts'
import { searchLogs } from './tools/search-logs.ts'
import { snapshot } from './tools/snapshot.ts'
import { sqlHelp } from './tools/sql-help.ts'
import { storageSummary } from './tools/storage-summary.ts'
import { recentObjects, topLargest } from './tools/top-objects.ts'
import { validateSql } from './tools/validate-sql.ts'

/** What tools read from; all of it narrowed by the scope of who asks. */
export interface ToolSources {
  query: Query
  catalog: Catalog
  readSeries: ReadSeries
  readOperationRows: ReadOperationRows
  readObjectAudit: ReadObjectAudit
  readCoverage: ReadCoverage
  gate: Gate
  askQuestion: AskQuestion
  explain: Explain
  findings: Findings
  readCost: ReadCost
}

/** Every tool of the agent and of MCP: all of them read, and none of them reads more than who asks may. */
export function createTools(sources: ToolSources): Tool[] {
  const { query, catalog, readSeries, readOperationRows, readObjectAudit, readCoverage, gate, askQuestion } =
    sources
  const { explain, findings, readCost } = sources
  return [
    queryMetric(catalog),
    askLibrary(askQuestion),
    explainChange(explain),
    listFindings(findings),
    readFinding(findings),
    metricsSeries(readSeries),
    metricsSources(query),
    searchLogs(readOperationRows),
    objectAudit(readObjectAudit),
    describeTables,
    runSql(gate, readCoverage),
    validateSql(gate),
    sqlHelp,
    snapshot(query),
    costTool(readCost),
    buckets,
    listObjects,
    recentObjects,
    topLargest,
    storageSummary,
    listAccessLogs,
    readLog,
    chart,
  ]
}
