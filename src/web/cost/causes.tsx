import { formatBytes, formatPercent, formatUsd } from '../format.ts'
import { consoleLink } from '../how-computed.tsx'
import { Panel } from '../panel.tsx'
import { dashboardLink } from '../view.ts'
import type { Filters } from '../view.ts'
import type { AskedCost, Cost } from './asked-cost.ts'

type CauseList = Cost['causes'][number]
type Cause = CauseList['rows'][number]

const titles: Record<CauseList['by'], { title: string; none: string }> = {
  bucket: { title: 'Buckets', none: '(none)' },
  prefix: { title: 'Prefixes', none: '(no prefix)' },
  requester: { title: 'Requesters', none: '(anonymous)' },
  client: { title: 'Clients', none: '(internal)' },
  site: { title: 'Sites that link', none: '(no referer)' },
  agent: { title: 'User agents', none: '(none)' },
}

/** Whom egress is due to; each leads to the dashboard with what it did. */
export function Causes({ cost, asked }: { cost: Cost; asked: AskedCost }) {
  const isFree = cost.parts.every(({ part, usd }) => !part.endsWith('egress') || usd === 0)
  const charge = isFree ? 'at the price beyond the allowance, which is not used up' : 'of the bill so far'
  return (
    <>
      <div class="span-12 section-head">
        <h2>Whom egress is due to</h2>
        <span class="faint">share of the bytes, and USD {charge}</span>
      </div>
      {cost.causes.map((causes) => (
        <CausePanel key={causes.by} causes={causes} cost={cost} asked={asked} isFree={isFree} />
      ))}
    </>
  )
}

function CausePanel(props: { causes: CauseList; cost: Cost; asked: AskedCost; isFree: boolean }) {
  const { causes, cost, asked, isFree } = props
  const { by, rows, proof } = causes
  const { title, none } = titles[by]
  const usdOf = ({ usd, usd_beyond_allowance }: Cause): number | null => (isFree ? usd_beyond_allowance : usd)
  return (
    <Panel
      title={title}
      span={4}
      asked={asked}
      empty={rows.length === 0 && 'Nothing was sent.'}
      table={{
        columns: [
          { name: 'format', type: 'VARCHAR' },
          ...(by === 'prefix' ? [{ name: 'bucket', type: 'VARCHAR' }] : []),
          { name: by, type: 'VARCHAR' },
          { name: 'requests', type: 'LONG' },
          { name: 'bytes_sent', type: 'LONG', unit: 'Bytes' },
          { name: 'share', type: 'DOUBLE' },
          { name: 'usd', type: 'DOUBLE' },
          { name: 'usd_beyond_allowance', type: 'DOUBLE' },
        ],
        rows: rows.map((row) => [
          row.format,
          ...(by === 'prefix' ? [row.bucket] : []),
          row.value,
          row.requests,
          row.bytes_sent,
          row.share,
          row.usd,
          row.usd_beyond_allowance,
        ]),
      }}
      about={{
        text: `The ten largest, origin and CDN apart, with their share of all bytes sent from ${proof.from} to ${proof.to}.`,
        sql: proof.sql,
      }}
    >
      <ol class="bars">
        {rows.slice(0, 6).map((row) => {
          const name = row.value ?? none
          const link = linkOf(row, cost, proof.sql)
          const place = by === 'prefix' && row.bucket ? `${row.bucket}/` : ''
          return (
            <li key={`${row.format} ${row.bucket} ${row.value}`}>
              <a class="bar" href={link} title={`${place}${name}: ${formatBytes(row.bytes_sent)}`}>
                <i class="bar-fill" style={{ width: `${100 * row.share}%` }} />
                <span class="bar-name">
                  {row.format === 'cdn' && <small class="faint">CDN </small>}
                  {place && <small class="faint">{place}</small>}
                  {name}
                </span>
                <span class="bar-value">
                  {formatPercent(100 * row.share)} <small class="cost-usd">{formatUsd(usdOf(row))}</small>
                </span>
              </a>
            </li>
          )
        })}
      </ol>
    </Panel>
  )
}

/** The dashboard narrowed to the cause; the console where the dashboard has no such filter. */
function linkOf({ by, format, bucket, value }: Cause, { from, to }: Cost, sql: string): string {
  const filters = filtersOf(by, bucket, value)
  return filters ? dashboardLink({ from, to, format, filters }) : consoleLink(sql)
}

function filtersOf(by: Cause['by'], bucket: string | null, value: string | null): Filters | null {
  if (by === 'requester') return { requester: value ?? '-' }
  if (by === 'agent') return { user_agent: value ?? '-' }
  if (value === null || by === 'site') return null
  if (by === 'bucket') return { bucket: value }
  if (by === 'client') return { ip: value }
  return { ...(bucket !== null && { bucket }), key_prefix: value }
}
