import type { RecorderStatus } from '../api/own.ts'
import type { Log } from '../log.ts'
import { startActor } from '../pipeline/actor.ts'
import { pause } from '../retry.ts'
import type { Appender, Row } from '../store/append.ts'
import type { FinishedRequest } from './request-trace.ts'

/** Writes SpaceWatch's own requests to the table `requests`, in the background. */
export interface RequestRecorder {
  /** Never waits and never throws: while QuestDB is away the newest that find no room are dropped and counted. */
  record(request: FinishedRequest): void
  status(): RecorderStatus
  /** Stores what is queued, within `deadline_ms`. */
  stop(deadline_ms: number): Promise<void>
}

export interface RequestRecorderOptions {
  appender: Appender
  log: Log
  /** Default 10,000 requests, a few MB. */
  capacity?: number
  /** Between two writes, so that a quiet second is one commit. */
  pace_ms?: number
}

const batchLimit = 1_000

export function startRequestRecorder(options: RequestRecorderOptions): RequestRecorder {
  const { appender, log, capacity = 10_000, pace_ms = 1_000 } = options
  const givingUp = new AbortController()
  let recorded = 0
  let dropped = 0
  const actor = startActor<FinishedRequest>({
    name: 'recorder',
    async receive(batch) {
      await appender.append('requests', batch.map(rowOf))
      recorded += batch.length
    },
    async onFailed({ request_id }, error) {
      dropped++
      log.error({ request_id, err: error }, 'request not recorded')
    },
    capacity,
    batchLimit,
    pace_ms,
    signal: givingUp.signal,
  })
  return {
    record(request) {
      if (actor.status().queued >= capacity) dropped++
      else void actor.send(request)
    },
    status() {
      const { state, reason, queued } = actor.status()
      return { state, reason, queued, recorded, dropped }
    },
    async stop(deadline_ms) {
      await Promise.race([actor.drain(), pause(deadline_ms, givingUp.signal)])
      givingUp.abort()
    },
  }
}

function rowOf(request: FinishedRequest): Row {
  const { ts_ms, method, route, operation_type, error_code, duration_ms, ...columns } = request
  return {
    ts_ms,
    symbols: { method, route, operation_type, error_code },
    columns: { ...columns, duration_ms: Math.round(duration_ms) },
  }
}
