import { canary, canaryNumber, foreign } from './two-tenants.ts'

/** Cells that hold what only another tenant's rows hold, and that the SQL did not name itself. */
export function leaks(sql: string, cells: unknown): unknown[] {
  const found: unknown[] = []
  const look = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(look)
    else if (typeof value === 'number' && value >= canaryNumber && value < canaryNumber + 1_000_000)
      found.push(value)
    else if (typeof value === 'string' && value.includes(canary) && !sql.includes(canary)) found.push(value)
    else if (value === foreign && !sql.includes(foreign)) found.push(value)
  }
  look(cells)
  return found
}
