import type { ComponentChildren } from 'preact'
import type { Column } from './api.ts'
import { formatTime, formatValue, unknown } from './format.ts'
import type { Zone } from './format.ts'

export interface DataTableProps {
  columns: readonly Column[]
  rows: readonly (readonly unknown[])[]
  zone: Zone
  caption: string
  /** Writes a cell its own way; undefined: as always. */
  cell?: (column: Column, value: unknown, row: readonly unknown[]) => ComponentChildren | undefined
  onRow?: ((row: readonly unknown[]) => void) | undefined
}

/** A table that scrolls by itself; numbers stand to the right. */
export function DataTable({ columns, rows, zone, caption, cell, onRow }: DataTableProps) {
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={caption}>
      <table class={onRow ? 'table table-click' : 'table'}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.name} scope="col" class={isNumber(column) ? 'num' : ''}>
                {titleOf(column.name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index} onClick={onRow && (() => onRow(row))}>
              {columns.map((column, place) => (
                <td key={column.name} class={isNumber(column) ? 'num' : ''}>
                  {cell?.(column, row[place], row) ?? cellText(column, row[place], zone)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

export function isNumber({ type }: Column): boolean {
  return /^(BYTE|SHORT|INT|LONG|FLOAT|DOUBLE|DECIMAL)/i.test(type)
}

/** What a cell says. */
export function cellText({ type, unit }: Column, value: unknown, zone: Zone): string {
  if (value === null || value === undefined) return unknown
  if (/^(TIMESTAMP|DATE)/i.test(type) && typeof value === 'string') return formatTime(value, zone)
  if (typeof value === 'object') return JSON.stringify(value)
  return formatValue(value, unit)
}

const titles: Record<string, string> = {
  ts: 'Time',
  remote_ip: 'IP',
  total_ms: 'Total time',
  turnaround_ms: 'First byte',
  request_uri: 'Request URI',
  request_id: 'Request id',
  bytes_downloaded: 'Bytes out',
  bytes_uploaded: 'Bytes in',
  tls_version: 'TLS version',
}

/** A column's name as a person writes it. */
export function titleOf(name: string): string {
  const known = titles[name]
  if (known) return known
  const text = name.replaceAll('_', ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}
