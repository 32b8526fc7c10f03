import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { Column } from './api.ts'
import { csvOf, download } from './csv.ts'
import { DataTable } from './data-table.tsx'
import { isToldOnce } from './failures.ts'
import { formatAgo } from './format.ts'
import { HowComputed } from './how-computed.tsx'
import { Icon, IconButton } from './icon.tsx'
import { Empty, Failed, Loading } from './states.tsx'
import type { Asked } from './use-answer.ts'
import { view } from './view.ts'

export interface PanelProps {
  title: string
  /** What stands beside the title, in short. */
  note?: ComponentChildren
  asked: Pick<Asked<unknown>, 'error' | 'loading' | 'data' | 'at_ms'>
  /** Says why there is nothing to show; it is shown then. */
  empty?: ComponentChildren | null
  /** The same as the chart, as a table. */
  table?: { columns: Column[]; rows: unknown[][] } | null
  /** What it is and how it is computed. */
  about?: { text: string; sql: string | null }
  controls?: ComponentChildren
  picture?: (() => string) | null
  height?: number
  span?: 3 | 4 | 6 | 8 | 12
  children: ComponentChildren
}

/** A card of the dashboard with all its states, a table view, CSV, PNG, and how it is computed. */
export function Panel(props: PanelProps) {
  const { title, note, asked, empty, table, about, controls, picture, height = 220, span = 6 } = props
  const [asTable, setAsTable] = useState(false)
  const [told, setTold] = useState(false)
  const name = title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
  const ready = asked.data !== null
  return (
    <section
      class={`panel span-${span}${ready && asked.error ? ' is-old' : asked.loading && ready ? ' is-stale' : ''}`}
      aria-label={title}
    >
      <header class="panel-head">
        <h2>{title}</h2>
        {note && <span class="panel-note">{note}</span>}
        <div class="panel-tools">
          {controls}
          {table && (
            <IconButton
              label={`${title}: ${asTable ? 'show the chart' : 'show as a table'}`}
              title={asTable ? 'Chart' : 'Table'}
              icon={asTable ? 'chart' : 'table'}
              pressed={asTable}
              onClick={() => setAsTable(!asTable)}
            />
          )}
          {table && (
            <IconButton
              label={`${title}: download as CSV`}
              title="CSV"
              icon="download"
              onClick={() => download(`${name}.csv`, csvOf(table))}
            />
          )}
          {picture && (
            <IconButton
              label={`${title}: download as a picture`}
              title="PNG"
              icon="picture"
              onClick={() => download(`${name}.png`, picture())}
            />
          )}
          {about && (
            <IconButton
              label={`${title}: how is this computed?`}
              title="How is this computed?"
              icon="info"
              onClick={() => setTold(true)}
            />
          )}
        </div>
      </header>
      {!ready && asked.error ? (
        isToldOnce(asked.error) ? (
          <Empty title="No answer yet" icon="clock">
            Why is said at the top of the page.
          </Empty>
        ) : (
          <Failed error={asked.error} />
        )
      ) : !ready ? (
        <Loading height={height} />
      ) : empty ? (
        <Empty title="Nothing here">{empty}</Empty>
      ) : asTable && table ? (
        <div style={{ maxHeight: `${Math.max(height, 220)}px` }} class="panel-table">
          <DataTable {...table} zone={view.value.zone} caption={`${title}: table`} />
        </div>
      ) : (
        props.children
      )}
      {ready && asked.error && (
        <p class="panel-warning" role="status">
          <Icon name="warning" size={14} /> From {formatAgo(new Date(asked.at_ms).toISOString())}
          {!isToldOnce(asked.error) && `: ${asked.error.message}`}
        </p>
      )}
      {told && about && <HowComputed title={title} {...about} onClose={() => setTold(false)} />}
    </section>
  )
}
