import { setImmediate } from 'node:timers/promises'
import { untilAvailable } from '../retry.ts'
import type { ActorState, ActorStatus } from './answers.ts'

/**
 * What a stage does with what has queued up. It holds nothing between calls, so the same batch may come again.
 * UnavailableError means again, for ever; anything else means one message at a time, then `onFailed`.
 */
export type Receive<M> = (batch: readonly M[]) => Promise<void>

export interface Actor<M> {
  /** Resolves when the mailbox has taken the message: waiting here is all the back-pressure there is. */
  send(message: M): Promise<void>
  /** Resolves when the mailbox has room, for a sender that makes its message only then. */
  ready(): Promise<void>
  status(): ActorStatus
  /** Takes no more, works off what is queued, then resolves. */
  drain(): Promise<void>
  /** Resolves after `drain`; rejects when `onFailed` throws. */
  finished: Promise<void>
}

export interface ActorOptions<M> {
  name: ActorStatus['name']
  receive: Receive<M>
  /** A message that will never work, after it was tried alone. */
  onFailed: (message: M, error: unknown) => Promise<void>
  /** What a message counts for in `capacity` and `batchLimit`. Default 1. */
  weigh?: (message: M) => number
  /** From this weight on the mailbox is full. */
  capacity: number
  /** From this weight on a batch is complete. */
  batchLimit: number
  /** What is no complete batch waits until none is under way, and this long. Default 0: it does not wait. */
  pace_ms?: number
  /** Batches under way at once; more than one gives up the order of messages. Default 1. */
  concurrency?: number
  /** How often a batch is tried while it meets UnavailableError. Default: for ever. */
  tries?: number
  /** Aborting gives up: what is queued or being retried is let go. */
  signal: AbortSignal
}

/** Starts a stage: a bounded mailbox and a loop that hands over what has queued up, a batch at a time. */
export function startActor<M>(options: ActorOptions<M>): Actor<M> {
  const { name, receive, onFailed, weigh = () => 1, capacity, batchLimit } = options
  const { pace_ms = 0, concurrency = 1, tries = Infinity, signal } = options
  const queue: M[] = []
  let queued = 0
  const states = Array.from({ length: concurrency }, createLiveState)
  let draining = false
  let underWay = 0
  let pacedUntil_ms = 0
  const sleepers = new Set<() => void>()
  const senders: (() => void)[] = []

  function wakeAll(): void {
    for (const wake of [...sleepers, ...senders.splice(0)]) wake()
  }
  signal.addEventListener('abort', wakeAll, { once: true })

  async function deliver(batch: readonly M[], liveState: LiveState): Promise<void> {
    try {
      await untilAvailable(() => receive(batch), { signal, tries, onRetry: liveState.retrying })
    } catch (error) {
      if (signal.aborted) throw error
      const [first] = batch
      if (batch.length > 1) for (const message of batch) await deliver([message], liveState)
      else if (first !== undefined) {
        await untilAvailable(() => onFailed(first, error), { signal, onRetry: liveState.retrying })
      }
    }
  }

  async function ready(): Promise<void> {
    while (queued >= capacity && !signal.aborted) {
      await new Promise<void>((resolve) => senders.push(resolve))
    }
  }

  function takeBatch(): M[] {
    let weight = 0
    let count = 0
    while (count < queue.length && weight < batchLimit) weight += weigh(queue[count++] as M)
    queued -= weight
    return queue.splice(0, count)
  }

  /** How long what is queued has to wait for more; Infinity: until something changes. */
  function wait_ms(): number {
    if (queue.length === 0) return Infinity
    if (pace_ms === 0 || queued >= batchLimit || draining) return 0
    return underWay > 0 ? Infinity : Math.max(0, pacedUntil_ms - performance.now())
  }

  function sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer)
        sleepers.delete(wake)
        resolve()
      }
      const timer = ms === Infinity ? undefined : setTimeout(wake, ms)
      sleepers.add(wake)
    })
  }

  async function loop(liveState: LiveState): Promise<void> {
    while (!signal.aborted) {
      const wait = wait_ms()
      if (wait > 0) {
        if (draining) break
        liveState.set('idle')
        await sleep(wait)
        continue
      }
      const batch = takeBatch()
      for (const resume of senders.splice(0)) resume()
      liveState.set('busy')
      underWay++
      await deliver(batch, liveState).catch((error: unknown) => {
        if (!signal.aborted) throw error
      })
      underWay--
      pacedUntil_ms = performance.now() + pace_ms
      // The HTTP server lives on the same thread.
      await setImmediate()
    }
    liveState.set('stopped')
    wakeAll()
  }

  const finished = Promise.all(states.map(loop)).then(() => {})
  return {
    ready,
    async send(message) {
      // Of several that wait, the first to wake may have taken the room.
      while (queued >= capacity && !signal.aborted) await ready()
      queue.push(message)
      queued += weigh(message)
      for (const wake of sleepers) {
        wake()
        break
      }
    },
    status: () => ({ name, queued: queue.length, ...worst(states) }),
    drain() {
      draining = true
      wakeAll()
      return finished
    },
    finished,
  }
}

const byConcern: ActorState[] = ['retrying', 'busy', 'idle', 'stopped']

function worst(states: readonly LiveState[]): StateShown {
  const all = states.map((liveState) => liveState.get())
  const order = (status: StateShown): number => byConcern.indexOf(status.state)
  return all.reduce((a, b) => (order(b) < order(a) ? b : a))
}

type StateShown = Pick<ActorStatus, 'state' | 'reason' | 'since_ms'>

/** The state that a status shows, with its reason and the moment at which it began. */
export interface LiveState {
  set(state: ActorState): void
  retrying(error: { message: string }): void
  get(): StateShown
}

export function createLiveState(): LiveState {
  let status: StateShown = { state: 'idle', reason: null, since_ms: Date.now() }
  const become = (state: ActorState, reason: string | null): void => {
    status = { state, reason, since_ms: state === status.state ? status.since_ms : Date.now() }
  }
  return {
    set: (state) => become(state, null),
    retrying: (error) => become('retrying', error.message),
    get: () => status,
  }
}
