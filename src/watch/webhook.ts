import { UnavailableError } from '../errors.ts'
import type { Secret } from '../secret.ts'
import { sentenceOf } from './event.ts'
import type { HealthEvent } from './event.ts'

/** Tells somebody of an event; throws UnavailableError unless it was taken (a 2xx). */
export type Tell = (event: HealthEvent, signal: AbortSignal) => Promise<void>

const answerWithin_ms = 10_000

/** Posts events as JSON to an address that the operator vouches for. The same id and severity may come twice. */
export function createWebhook(url: Secret): Tell {
  return async (event, signal) => {
    const response = await fetch(url.reveal(), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(payloadOf(event)),
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerWithin_ms)]),
    }).catch((cause: unknown) => {
      // Bun's message names the address, which may hold a token.
      throw new UnavailableError('Cannot tell ALERT_WEBHOOK_URL: no answer', undefined, {
        cause: nameOf(cause),
      })
    })
    await response.body?.cancel()
    if (!response.ok) {
      throw new UnavailableError(`Cannot tell ALERT_WEBHOOK_URL: it answered ${response.status}`)
    }
  }
}

function nameOf(cause: unknown): string {
  return cause instanceof Error ? cause.name : 'unknown'
}

/** `text` is what chat services show. */
function payloadOf(event: HealthEvent) {
  const { id, rule, severity, state, source, format, bucket, measure, unit, before, after } = event
  return {
    text: sentenceOf(event),
    id,
    rule,
    severity,
    state,
    subject: source === null ? 'service' : 'bucket',
    source,
    format,
    bucket,
    measure,
    unit,
    before,
    after,
    started_at: new Date(event.started_ms).toISOString(),
    ended_at: new Date(event.ended_ms).toISOString(),
    detected_at: new Date(event.detected_ms).toISOString(),
  }
}
