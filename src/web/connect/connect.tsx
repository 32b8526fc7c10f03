import { useEffect, useRef, useState } from 'preact/hooks'
import { asApiError } from '../api.ts'
import type { ApiError } from '../api.ts'
import { Segments } from '../choice.tsx'
import { Icon } from '../icon.tsx'
import { navigate, place } from '../location.ts'
import { session, sessionNote, signIn } from '../session.ts'
import { Failed } from '../states.tsx'
import { Backfill } from './backfill.tsx'
import { Field } from './field.tsx'
import { SpacesForm } from './spaces-form.tsx'

const ways = { spaces: 'Spaces key', api: 'API key' }

/** Who asks: a Spaces key for its own logs, the operator's API key for all, or the demo. */
export default function Connect() {
  const [way, setWay] = useState<keyof typeof ways>('spaces')
  const [done, setDone] = useState(false)
  const known = session.value
  const connected = known !== null && known.kind !== 'none'
  return (
    <div class="connect">
      <header class="page-head">
        <h1>Connect your Spaces</h1>
        <p>
          SpaceWatch reads the access logs of your buckets and tells who reads what, what fails, what is slow
          and what costs. Keys are checked against the storage and stay in the server's memory.
        </p>
        {sessionNote.value && (
          <p class="notice" role="status">
            <Icon name="info" /> {sessionNote.value}
          </p>
        )}
      </header>
      <div class="connect-columns">
        <div class="panel connect-main">
          {done ? (
            <Backfill />
          ) : (
            <>
              <Segments class="segments" label="Connect with" options={ways} chosen={way} onChoose={setWay} />
              {way === 'spaces' ? <SpacesForm onDone={() => setDone(true)} /> : <ApiKeyForm />}
            </>
          )}
        </div>
        <aside class="connect-side" aria-label="About connecting">
          {connected && !done && (
            <section class="panel">
              <h2>Connected</h2>
              <p class="faint">
                {known.kind === 'admin'
                  ? 'With the API key: all log sources.'
                  : `${known.kind === 'demo' ? 'The demo' : 'A Spaces key'}: ${known.log_bucket ?? ''}/${known.log_prefix ?? ''}`}
              </p>
              <a class="button primary" href="/">
                Open the dashboard
              </a>
            </section>
          )}
          {known?.demo_available && known.kind === 'none' && <DemoCard />}
          <section class="panel">
            <h2>What it needs</h2>
            <ul class="needs">
              <li>
                <Icon name="check" /> A key that may <b>list and read the log bucket</b>. A limited, read-only
                key is enough.
              </li>
              <li>
                <Icon name="check" /> <b>Access logging</b> switched on for the buckets to watch. The check
                tells the command for those that lack it.
              </li>
              <li>
                <Icon name="check" /> Nothing else. SpaceWatch writes nothing into your buckets unless you ask
                for snapshots.
              </li>
            </ul>
          </section>
        </aside>
      </div>
    </div>
  )
}

/** To where the reader wanted before being asked for a key; else to the dashboard. */
function goOn(): void {
  if (place.value.path === '/connect') navigate('/')
}

function DemoCard() {
  const [error, setError] = useState<ApiError | null>(null)
  const [busy, setBusy] = useState(false)
  const left = useRef(false)
  useEffect(() => () => void (left.current = true), [])
  const look = async (): Promise<void> => {
    setBusy(true)
    const failed = await signIn({ demo: true }).then(() => null, asApiError)
    if (left.current) return
    setError(failed)
    if (!failed) return goOn()
    // The first start takes minutes: what is told says how far it is.
    if (failed.code === 'demo_starting') setTimeout(() => left.current || void look(), 3_000)
    else setBusy(false)
  }
  return (
    <section class="panel demo-card">
      <h2>No key at hand?</h2>
      <p>
        A week of generated traffic of four buckets, with incidents to find: a scan, a mass delete, a hotlink.
      </p>
      <button class="button primary" disabled={busy} onClick={() => void look()}>
        <Icon name="play" /> Look at the demo
      </button>
      {error && <Failed error={error} retry={false} />}
    </section>
  )
}

function ApiKeyForm() {
  const [key, setKey] = useState('')
  const [error, setError] = useState<ApiError | null>(null)
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault()
        signIn({ api_key: key }).then(goOn, (cause: unknown) => setError(asApiError(cause)))
      }}
    >
      <Field
        label="API key"
        hint="The operator's key: in APP_API_KEY, or in the file api-key in DATA_DIR"
        wide
      >
        <input
          class="input mono"
          type="password"
          value={key}
          autoComplete="off"
          required
          onInput={(event) => setKey(event.currentTarget.value.trim())}
        />
      </Field>
      <button class="button primary" disabled={key === ''}>
        Connect
      </button>
      <div aria-live="polite">{error && <Failed error={error} retry={false} />}</div>
    </form>
  )
}
