import { useState } from 'preact/hooks'
import { asApiError, ask } from '../api.ts'
import type { AnswerTo } from '../api.ts'
import { ChartPanel } from '../chart-panel.tsx'
import type { Line } from '../chart/time-series.ts'
import { treeMapOption } from '../chart/tree-map.ts'
import { Select } from '../choice.tsx'
import { refreshed } from '../failures.ts'
import { formatAgo, formatBytes, formatCount, formatPercent } from '../format.ts'
import { Panel } from '../panel.tsx'
import { numberOf, recordsOf } from '../records.ts'
import { session } from '../session.ts'
import { Empty } from '../states.tsx'
import { useAnswer } from '../use-answer.ts'
import type { Asked } from '../use-answer.ts'
import { bucketsOf } from '../view.ts'
import type { View } from '../view.ts'
import { LinesPanel } from './lines-panel.tsx'
import { useStorageSeries } from './questions.ts'

type HotCold = AnswerTo<'GET /tools/hot-cold'>

/** What lies in the buckets: how it grows, what takes the room, and what nobody reads. */
export function StoragePanels({ view, buckets }: { view: View; buckets: readonly string[] }) {
  const [picked, setPicked] = useState('')
  const wanted = bucketsOf(view)
  const names = wanted.length > 0 ? wanted : buckets
  const signedIn = session.value
  const logBucket = signedIn && signedIn.kind !== 'none' ? signedIn.log_bucket : null
  // What lies in the log bucket is not what one came to see.
  const usual = names.find((name) => name !== logBucket) ?? names[0] ?? ''
  const bucket = names.includes(picked) ? picked : usual
  const mayLook = session.value?.kind !== 'admin'
  const hotCold = useAnswer(mayLook && bucket ? `hot-cold ${bucket}` : null, (signal) =>
    ask('GET /tools/hot-cold', { query: { bucket, limit: 8 }, signal }),
  )
  const about = `Objects of ${bucket} as listed just now, joined with what the access logs know of reads. Hot: read in the last 30 days. Cold: read before. Never read: no read is in the logs${hotCold.data?.reads_known_since ? `, which go back ${formatAgo(hotCold.data.reads_known_since).replace(' ago', '')}` : ''}.`
  const picker = names.length > 1 && (
    <Select
      class="select small"
      label="Bucket whose storage is shown"
      options={names}
      chosen={bucket}
      onChoose={setPicked}
    />
  )
  return (
    <>
      <div class="span-12 section-head">
        <h2>Storage</h2>
        {picker}
      </div>
      <GrowthPanel view={view} />
      {mayLook ? (
        <>
          <TreePanel asked={hotCold} about={about} bucket={bucket} />
          <WarmthPanel asked={hotCold} about={about} />
        </>
      ) : (
        <section class="panel span-8" aria-label="Storage">
          <Empty title="The API key reads logs, not buckets" icon="database">
            <a href="/connect">Connect with a Spaces key</a> to see what the buckets hold, and what of it
            nobody reads.
          </Empty>
        </section>
      )}
    </>
  )
}

const colors = ['teal', 'blue', 'violet', 'amber', 'green', 'pink'] as const

function GrowthPanel({ view }: { view: View }) {
  const asked = useStorageSeries(view)
  const all = asked.data ?? []
  const lines = (times: number[]): Line[] =>
    all
      .map(({ name, storage }, index): Line => ({
        name,
        values: recordsOf(storage)
          .slice(0, times.length)
          .map((record) => numberOf(record['bytes'])),
        color: colors[index % colors.length] ?? 'teal',
        kind: 'area',
      }))
      .filter(({ values }) => values.some((value) => value !== null))
  return (
    <LinesPanel
      title="Storage growth"
      span={4}
      asked={asked}
      view={view}
      coverage={all[0]?.coverage}
      unit="Bytes"
      lines={lines}
      controls={session.value?.kind === 'caller' && <SnapshotButton />}
      none="No snapshot was taken in this window. A Spaces key takes one: how much each bucket holds now."
      text="Bytes stored, from the newest snapshot of each bucket at each time."
      sql={all[0]?.storage.sql}
    />
  )
}

/** Notes how much each bucket holds now, so that the growth can be drawn. */
function SnapshotButton() {
  const [state, setState] = useState('Take a snapshot')
  const take = (): void => {
    setState('Listing…')
    ask('POST /trigger-snapshot-all').then(
      () => {
        setState('Take a snapshot')
        refreshed.value++
      },
      (error: unknown) => setState(asApiError(error).message),
    )
  }
  return (
    <button class="button small" disabled={state === 'Listing…'} onClick={take}>
      {state}
    </button>
  )
}

function TreePanel({ asked, about, bucket }: { asked: Asked<HotCold>; about: string; bucket: string }) {
  const prefixes = asked.data?.by_prefix ?? []
  const sizes = prefixes.map(({ prefix, bytes }) => `${prefix} ${formatBytes(bytes)}`)
  return (
    <ChartPanel
      title="What takes the room"
      note={bucket}
      span={4}
      asked={asked}
      empty={prefixes.length === 0 && 'The bucket holds no objects, or this key may not list them.'}
      about={{ text: about, sql: null }}
      table={{
        columns: [
          { name: 'prefix', type: 'VARCHAR' },
          { name: 'bytes', type: 'LONG', unit: 'Bytes' },
          { name: 'objects', type: 'LONG' },
          { name: 'never_read_bytes', type: 'LONG', unit: 'Bytes' },
        ],
        rows: prefixes.map((sums) => [sums.prefix, sums.bytes, sums.objects, sums.never_read_bytes]),
      }}
      chart={
        asked.data && {
          label: `Prefixes by size: ${sizes.join(', ')}`,
          data: asked.data.by_prefix,
          draw: treeMapOption,
          height: 236,
        }
      }
    />
  )
}

function WarmthPanel({ asked, about }: { asked: Asked<HotCold>; about: string }) {
  const totals = asked.data?.totals
  const all = Math.max(1, totals?.bytes ?? 0)
  const parts = totals
    ? ([
        ['Hot', 'red', totals.hot_bytes, totals.hot_objects],
        ['Cold', 'blue', totals.cold_bytes, totals.cold_objects],
        ['Never read', 'gray', totals.never_read_bytes, totals.never_read_objects],
      ] as const)
    : []
  return (
    <Panel
      title="Hot and cold data"
      span={4}
      asked={asked}
      empty={totals?.objects === 0 && 'The bucket holds no objects, or this key may not list them.'}
      about={{ text: about, sql: null }}
      table={
        asked.data && {
          columns: [
            { name: 'key', type: 'VARCHAR' },
            { name: 'bytes', type: 'LONG', unit: 'Bytes' },
            { name: 'age_days', type: 'LONG' },
            { name: 'warmth', type: 'VARCHAR' },
            { name: 'last_read', type: 'TIMESTAMP' },
          ],
          rows: asked.data.objects.map((one) => [
            one.key,
            one.bytes,
            one.age_days,
            one.warmth,
            one.last_read,
          ]),
        }
      }
    >
      <div class="stack-bar" aria-hidden="true">
        {parts
          .filter(([, , bytes]) => bytes > 0)
          .map(([name, color, bytes]) => (
            <i key={name} class={`fill-${color}`} style={{ width: `${(100 * bytes) / all}%` }} />
          ))}
      </div>
      <dl class="warmth">
        {parts.map(([name, color, bytes, objects]) => (
          <div key={name}>
            <dt>
              <i class={`dot dot-${color}`} /> {name}
            </dt>
            <dd class="num">
              {formatBytes(bytes)} <small>{formatPercent((100 * bytes) / all)}</small>
            </dd>
            <dd class="faint num">{formatCount(objects)} objects</dd>
          </div>
        ))}
      </dl>
      <h3 class="sub">Largest that nobody read lately</h3>
      <ol class="bars plain">
        {asked.data?.objects.slice(0, 4).map((object) => (
          <li key={object.key}>
            <span class="bar">
              <span class="bar-name">{object.key}</span>
              <span class="bar-value">{formatBytes(object.bytes)}</span>
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  )
}
