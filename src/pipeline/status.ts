import type { SourceStatus, SourceTotals } from './answers.ts'
/** Of a pipeline that has just begun. */
export const nothingDone: SourceTotals = {
  objects_done: 0,
  objects_refused: 0,
  lines: 0,
  rows: 0,
  refused: 0,
  blank: 0,
  expired: 0,
  bytes: 0,
  newest_event_ms: null,
  newest_delivery_ms: null,
}

/** Nothing of it waits, and its bucket answers: what is missing is not there. */
export function isReadUp({ listed, backlog, actors }: SourceStatus): boolean {
  return listed && backlog === 0 && actors.every(({ state }) => state === 'idle' || state === 'busy')
}
