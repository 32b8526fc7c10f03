/** Tells a person how long work goes: one line that renews itself on a terminal, one line per event elsewhere. */
export interface Progress {
  /** A fact to keep. */
  event(message: string): void
  /** A passing state; shown only on a terminal. */
  state(message: string): void
}

export function createProgress(): Progress {
  const stream = process.stderr
  const clear = stream.isTTY ? '\r\u001b[2K' : ''
  return {
    event: (message) => void stream.write(`${clear}${message}\n`),
    state(message) {
      if (stream.isTTY) stream.write(`${clear}${message.slice(0, stream.columns - 1)}`)
    },
  }
}
