import { sqlParser } from './sql-parser.ts'

/**
 * True when SQL that was written anew is one SELECT in which stored tables are named nowhere but inside the given view
 * queries, word for word. The second lock: it knows nothing of how the SQL was written.
 */
export function isConfined(sql: string, viewQueries: Iterable<string>): boolean {
  const { parseToAst } = sqlParser()
  const allowed = new Set<string>(selectsOverTables(parseToAst('SELECT 1 FROM long_sequence(1)').ast))
  for (const query of viewQueries) {
    for (const select of selectsOverTables(parseToAst(`SELECT 1 FROM ${query}`).ast)) allowed.add(select)
  }
  const { ast, errors } = parseToAst(sql)
  if (errors.length > 0 || ast.length !== 1 || ast[0]?.type !== 'select') return false
  return selectsOverTables(ast).every((select) => allowed.has(select))
}

// Every SELECT that reads anything but subqueries, as text; what is read elsewhere counts as a SELECT of its own.
function selectsOverTables(node: unknown, enclosing: unknown = null, found: string[] = []): string[] {
  if (typeof node !== 'object' || node === null) return found
  if (Array.isArray(node)) {
    for (const item of node) selectsOverTables(item, enclosing, found)
    return found
  }
  const { type, table } = node as { type?: string; table?: { type?: string } }
  if (type === 'tableFunctionCall') found.push(JSON.stringify(node))
  else if (
    'table' in node &&
    type !== 'join' &&
    !(type === 'tableRef' && /^(select|tableFunctionCall)$/.test(table?.type ?? ''))
  )
    found.push(JSON.stringify(enclosing))
  if (type !== undefined && /^(show|variable|declareClause|cte)$/.test(type)) found.push(type)
  const select = type === 'select' ? node : enclosing
  for (const value of Object.values(node)) selectsOverTables(value, select, found)
  return found
}
