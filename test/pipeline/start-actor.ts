import { UnavailableError } from '../../src/errors.ts'
import { startActor } from '../../src/pipeline/actor.ts'
import type { Actor, ActorOptions } from '../../src/pipeline/actor.ts'

/** What an outage throws. */
export const away = new UnavailableError('Cannot write: QuestDB is away')

/** An actor with a small mailbox; `failed` takes down what was given up. */
export function start(options: Partial<ActorOptions<number>> & Pick<ActorOptions<number>, 'receive'>) {
  const abort = new AbortController()
  const failed: number[] = []
  const actor = startActor<number>({
    name: 'writer',
    onFailed: async (message) => void failed.push(message),
    capacity: 4,
    batchLimit: 3,
    signal: abort.signal,
    ...options,
  })
  return { actor, failed, abort: () => abort.abort() }
}

/** Sends one after the other. */
export async function sendAll(actor: Actor<number>, messages: Iterable<number>): Promise<void> {
  for (const message of messages) await actor.send(message)
}

/** 0 to n - 1. */
export const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i)
/** What became of it: 'resolved', or the error. */
export const settled = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'resolved',
    (error: unknown) => error,
  )
