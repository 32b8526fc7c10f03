import { InvalidError, UnavailableError } from '../errors.ts'

/** Lets each name have a few things done at once, and a few more wait. */
export interface Turns {
  /**
   * Throws InvalidError `too_busy` when too many of this name wait already, and UnavailableError `too_many_queries` when
   * it is not its turn in time.
   */
  take<T>(name: string, work: () => Promise<T>): Promise<T>
}

export interface TurnsOptions {
  /** Of one name. */
  at_once: number
  /** Of one name. */
  waiting: number
  /** Of all names together; default: no limit. A free place goes to the waiting name with the fewest, in a circle. */
  total?: number
  wait_ms?: number
}

interface Line {
  running: number
  queue: (() => void)[]
}

export function createTurns({ at_once, waiting, total = Infinity, wait_ms }: TurnsOptions): Turns {
  // Whoever has got a place goes to the end, so that equals take turns.
  const lines = new Map<string, Line>()
  let running = 0

  function begin(name: string, line: Line): void {
    running++
    line.running++
    lines.delete(name)
    lines.set(name, line)
  }

  function end(name: string, line: Line): void {
    running--
    line.running--
    forgetIdle(name, line)
    next()
  }

  function forgetIdle(name: string, line: Line): void {
    if (line.running === 0 && line.queue.length === 0) lines.delete(name)
  }

  function next(): void {
    if (running >= total) return
    const ready = [...lines].filter((entry) => entry[1].queue.length > 0 && entry[1].running < at_once)
    const [first] = ready.toSorted((a, b) => a[1].running - b[1].running)
    if (!first) return
    const [name, line] = first
    begin(name, line)
    line.queue.shift()?.()
  }

  function wait(name: string, line: Line): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    line.queue.push(resolve)
    if (wait_ms === undefined) return promise
    const timer = setTimeout(() => {
      line.queue.splice(line.queue.indexOf(resolve), 1)
      forgetIdle(name, line)
      reject(tooMany())
    }, wait_ms)
    return promise.finally(() => clearTimeout(timer))
  }

  return {
    async take(name, work) {
      const line = lines.get(name) ?? { running: 0, queue: [] }
      lines.set(name, line)
      // Where a place is free for this name, nobody else could use it.
      if (running < total && line.running < at_once) begin(name, line)
      else if (line.queue.length < waiting) await wait(name, line)
      else throw tooBusy()
      try {
        return await work()
      } finally {
        end(name, line)
      }
    },
  }
}

function tooBusy(): InvalidError {
  return new InvalidError(
    'Cannot take one more request: too many with these credentials are under way',
    'wait for the answers of those sent before',
    'too_busy',
  )
}

function tooMany(): UnavailableError {
  return new UnavailableError(
    'Cannot run the query: too many are under way for too long',
    'try again in a few seconds',
    { code: 'too_many_queries' },
  )
}
