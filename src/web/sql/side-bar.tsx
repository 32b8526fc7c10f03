import { useState } from 'preact/hooks'
import type { AnswerTo } from '../api.ts'
import { Segments } from '../choice.tsx'
import { formatAgo, formatCount } from '../format.ts'
import { Icon, IconButton } from '../icon.tsx'
import type { Question } from '../library.ts'
import { Failed, Loading } from '../states.tsx'
import type { Asked } from '../use-answer.ts'
import { forget, past, saved } from './kept.ts'

/** What SQL can name. */
type Schema = AnswerTo<'GET /sql/schema'>

const tabs = { schema: 'Schema', library: 'Library', saved: 'Saved', history: 'History' }
type Tab = keyof typeof tabs

/** What helps to write a query: tables, the library, what was saved and what was run. */
export function SideBar(props: {
  schema: Asked<Schema>
  library: Asked<Question[]>
  onInsert: (word: string) => void
  onQuestion: (name: string) => void
  onSql: (sql: string) => void
  open: Tab
}) {
  const { schema, library, onInsert, onQuestion, onSql, open } = props
  const [tab, setTab] = useState<Tab>(open)
  return (
    <aside class="panel console-side" aria-label="Help with queries">
      <Segments class="tabs" label="Show" options={tabs} chosen={tab} onChoose={setTab} />
      <div class="console-side-body" tabIndex={0} role="region" aria-label={tabs[tab]}>
        {tab === 'schema' && <SchemaTree asked={schema} onInsert={onInsert} />}
        {tab === 'library' && <Library asked={library} onQuestion={onQuestion} />}
        {tab === 'saved' && <Saved onSql={onSql} />}
        {tab === 'history' && <History onSql={onSql} />}
      </div>
    </aside>
  )
}

function SchemaTree({ asked, onInsert }: { asked: Asked<Schema>; onInsert: (word: string) => void }) {
  if (asked.error && !asked.data) return <Failed error={asked.error} />
  if (!asked.data) return <Loading />
  return (
    <>
      {asked.data.tables.map(({ name, description, columns }, index) => (
        <details key={name} class="tree" open={index === 0}>
          <summary title={description}>
            <Icon name="table" size={14} /> <b>{name}</b> <small>{columns.length}</small>
          </summary>
          <p class="faint">{description}</p>
          <ul>
            {columns.map((column) => (
              <li key={column.name}>
                <button title={column.description} onClick={() => onInsert(column.name)}>
                  <span>{column.name}</span>
                  <small>{column.type.toLowerCase()}</small>
                </button>
              </li>
            ))}
          </ul>
        </details>
      ))}
      {asked.data.notes.length > 0 && (
        <details class="tree">
          <summary>
            <Icon name="info" size={14} /> <b>Notes on the dialect</b>
          </summary>
          <ul class="notes">
            {asked.data.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}

function Library({ asked, onQuestion }: { asked: Asked<Question[]>; onQuestion: (name: string) => void }) {
  const [text, setText] = useState('')
  if (asked.error && !asked.data) return <Failed error={asked.error} />
  if (!asked.data) return <Loading />
  const wanted = text.toLowerCase()
  const found = asked.data.filter(({ title, description }) =>
    `${title} ${description}`.toLowerCase().includes(wanted),
  )
  return (
    <>
      <label class="search search-wide">
        <Icon name="search" size={14} />
        <input
          type="search"
          placeholder={`Search ${asked.data.length} questions`}
          aria-label="Search the library"
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      {[...Map.groupBy(found, ({ category }) => category)].map(([category, questions]) => (
        <section key={category} class="library">
          <h3>{category}</h3>
          {questions.map(({ name, title, description }) => (
            <button key={name} title={description} onClick={() => onQuestion(name)}>
              {title}
            </button>
          ))}
        </section>
      ))}
    </>
  )
}

function Saved({ onSql }: { onSql: (sql: string) => void }) {
  if (saved.value.length === 0)
    return <p class="faint pad">Save a query, and it stays here in this browser.</p>
  return (
    <ul class="kept">
      {saved.value.map(({ name, sql }) => (
        <li key={name}>
          <button onClick={() => onSql(sql)}>
            <b>{name}</b>
            <code>{sql}</code>
          </button>
          <IconButton label={`Forget ${name}`} icon="close" size={14} onClick={() => forget(name)} />
        </li>
      ))}
    </ul>
  )
}

function History({ onSql }: { onSql: (sql: string) => void }) {
  if (past.value.length === 0)
    return <p class="faint pad">Queries that were run stay here in this browser.</p>
  return (
    <ul class="kept">
      {past.value.map(({ sql, at_ms, rows, elapsed_ms }) => (
        <li key={sql}>
          <button onClick={() => onSql(sql)}>
            <code>{sql}</code>
            <small>
              {formatAgo(new Date(at_ms).toISOString())} ·{' '}
              {rows === null ? 'failed' : `${formatCount(rows)} rows in ${Math.round(elapsed_ms ?? 0)} ms`}
            </small>
          </button>
        </li>
      ))}
    </ul>
  )
}
