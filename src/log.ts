import pino from 'pino'

/** One JSON line per event on stderr. Levels by consequence: warn = unexpected but nothing lost, error = lost, or an operator must act. */
export type Log = pino.Logger

export function createLog(level: string): Log {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ fd: 2, sync: true }),
  )
}
