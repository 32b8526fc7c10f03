import { useState } from 'preact/hooks'
import type { Column } from '../api.ts'
import { cellText, isNumber } from '../data-table.tsx'
import type { Zone } from '../format.ts'

const row_px = 28
const spare_rows = 12

/** A table of any length: only the rows in sight are in the page. */
export function ResultGrid(props: {
  columns: readonly Column[]
  rows: readonly (readonly unknown[])[]
  zone: Zone
  height: number
}) {
  const { columns, rows, zone, height } = props
  const [top, setTop] = useState(0)
  const first = Math.max(0, Math.floor(top / row_px) - spare_rows)
  const last = Math.min(rows.length, Math.ceil((top + height) / row_px) + spare_rows)
  const widths = columns.map((column, place) => widthOf(column, rows, place, zone))
  return (
    <div
      class="grid-scroll"
      style={{ maxHeight: `${height}px` }}
      tabIndex={0}
      role="region"
      aria-label="Result"
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
    >
      <table class="table grid-table" aria-rowcount={rows.length + 1}>
        <colgroup>
          {widths.map((width, place) => (
            <col key={place} style={{ width: `${width}px` }} />
          ))}
          <col />
        </colgroup>
        <thead>
          <tr>
            {columns.map((column, place) => (
              <th key={place} scope="col" class={isNumber(column) ? 'num' : ''} title={column.type}>
                {column.name}
                {column.unit && <small> {column.unit}</small>}
              </th>
            ))}
            <td />
          </tr>
        </thead>
        <tbody>
          {first > 0 && <tr aria-hidden="true" style={{ height: `${first * row_px}px` }} />}
          {rows.slice(first, last).map((row, index) => (
            <tr key={first + index} aria-rowindex={first + index + 2}>
              {columns.map((column, place) => (
                <td
                  key={place}
                  class={`${isNumber(column) ? 'num' : ''}${row[place] === null ? ' null' : ''}`}
                  title={row[place] === null ? undefined : String(row[place])}
                >
                  {row[place] === null ? 'null' : cellText(column, row[place], zone)}
                </td>
              ))}
              <td />
            </tr>
          ))}
          {last < rows.length && (
            <tr aria-hidden="true" style={{ height: `${(rows.length - last) * row_px}px` }} />
          )}
        </tbody>
      </table>
    </div>
  )
}

function widthOf(column: Column, rows: readonly (readonly unknown[])[], place: number, zone: Zone): number {
  const sample = rows.slice(0, 40).map((row) => cellText(column, row[place], zone).length)
  const letters = Math.max(column.name.length + (column.unit?.length ?? 0), 4, ...sample)
  return Math.min(420, Math.round(letters * 7.1) + 26)
}
