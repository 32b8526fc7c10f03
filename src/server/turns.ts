import { InvalidError } from '../errors.ts'

/** Lets each name have a few things done at once, and a few more wait. */
export interface Turns {
  /** Throws InvalidError `too_busy` when too many of this name wait already. */
  take<T>(name: string, work: () => Promise<T>): Promise<T>
}

export function createTurns({ at_once, waiting }: { at_once: number; waiting: number }): Turns {
  const all = new Map<string, { running: number; queue: (() => void)[] }>()
  return {
    async take(name, work) {
      const mine = all.get(name) ?? { running: 0, queue: [] }
      all.set(name, mine)
      if (mine.running < at_once) mine.running++
      else if (mine.queue.length < waiting) await new Promise<void>((resolve) => mine.queue.push(resolve))
      else {
        throw new InvalidError(
          'Cannot take one more request: too many with these credentials are under way',
          'wait for the answers of those sent before',
          'too_busy',
        )
      }
      try {
        return await work()
      } finally {
        // The turn goes on to who waits, so that nobody overtakes.
        const next = mine.queue.shift()
        if (next) next()
        else if (--mine.running === 0) all.delete(name)
      }
    },
  }
}
