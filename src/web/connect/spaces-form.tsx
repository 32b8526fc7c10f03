import type { ComponentProps } from 'preact'
import { useState } from 'preact/hooks'
import { spacesRegions } from '../../spaces-regions.ts'
import { asApiError } from '../api.ts'
import type { ApiError } from '../api.ts'
import { formatAgo } from '../format.ts'
import { Select } from '../choice.tsx'
import { signIn } from '../session.ts'
import { Failed } from '../states.tsx'
import { checkCredentials, stepsOf } from './checks.ts'
import type { Credentials, Step } from './checks.ts'
import { Field } from './field.tsx'
import { Steps } from './steps.tsx'

const empty: Credentials = {
  region: 'nyc3',
  endpoint: '',
  spaces_key: '',
  spaces_secret: '',
  log_bucket: '',
  log_prefix: '',
}

const secretly = { class: 'input mono', autoComplete: 'off', required: true } as const

/** Takes a Spaces key, checks it against the storage step by step, and opens a session with it. */
export function SpacesForm({ onDone }: { onDone: () => void }) {
  const [given, setGiven] = useState(empty)
  const [steps, setSteps] = useState<Step[] | null>(null)
  const [error, setError] = useState<ApiError | null>(null)
  const [busy, setBusy] = useState('')
  const [own, setOwn] = useState(false)
  const right = given.spaces_key !== '' && given.spaces_secret !== ''
  const set = (change: Partial<Credentials>): void => setGiven({ ...given, ...change })

  const input = (name: keyof Credentials, more: ComponentProps<'input'> = {}) => (
    <input
      class="input"
      value={given[name]}
      spellcheck={false}
      onInput={(event) => set({ [name]: event.currentTarget.value.trim() })}
      {...more}
    />
  )

  async function check(asked: Credentials): Promise<void> {
    setError(null)
    setSteps(null)
    setBusy('Asking the storage…')
    try {
      const answer = await checkCredentials(asked, AbortSignal.timeout(120_000))
      setSteps(stepsOf(answer, formatAgo))
      if (!answer.logs?.readable) return
      setBusy('Opening a session…')
      await signIn(asked)
      // The page needs them no more.
      setGiven({ ...asked, spaces_key: '', spaces_secret: '' })
      onDone()
    } catch (cause) {
      setError(asApiError(cause))
    } finally {
      setBusy('')
    }
  }

  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault()
        void check(given)
      }}
    >
      <div class="form-grid">
        {own ? (
          <Field label="Endpoint" hint="An S3-compatible address that the operator allows" wide>
            {input('endpoint', { placeholder: 'https://s3.example.org' })}
          </Field>
        ) : (
          <Field label="Region" wide>
            <Select
              label="Region"
              options={spacesRegions}
              chosen={given.region}
              onChoose={(region) => set({ region })}
            />
          </Field>
        )}
        <Field label="Access key">{input('spaces_key', secretly)}</Field>
        <Field label="Secret">{input('spaces_secret', { ...secretly, type: 'password' })}</Field>
        <Field label="Log bucket" hint="Where access logs are delivered to">
          {input('log_bucket')}
        </Field>
        <Field label="Log prefix" hint="What the names of log objects begin with">
          {input('log_prefix', { placeholder: 'access-logs/' })}
        </Field>
      </div>
      <div class="row">
        <button class="button primary" disabled={!right || busy !== ''}>
          {busy || 'Check and connect'}
        </button>
        <button
          type="button"
          class="link"
          onClick={() => {
            setOwn(!own)
            set({ endpoint: '' })
          }}
        >
          {own ? 'Use a Spaces region' : 'Another S3-compatible storage'}
        </button>
      </div>
      <div aria-live="polite">
        {error && <Failed error={error} retry={false} />}
        {steps && (
          <Steps
            steps={steps}
            onOffer={({ bucket, prefix }) => {
              const offered = { ...given, log_bucket: bucket, log_prefix: prefix }
              setGiven(offered)
              void check(offered)
            }}
          />
        )}
      </div>
    </form>
  )
}
