import { InvalidError, UnavailableError } from '../errors.ts'
import type { Refusal } from './explain.ts'
import type { Rewritten, RewriteRequest } from './rewrite.ts'
import { SqlError } from './sql-error.ts'
import type { Position } from './sql-error.ts'

/** What reads SQL that is not ours, away from the thread that answers everybody. */
export interface Rewriter {
  /** As `rewrite`; throws what it throws, and SqlError for what takes too long to read. */
  rewrite(request: RewriteRequest): Promise<Rewritten>
  /** As `explainRefusal`. */
  explain(refusal: Refusal): Promise<SqlError>
}

export type ThreadQuestion =
  { kind: 'rewrite'; request: RewriteRequest } | { kind: 'explain'; refusal: Refusal }

export type ThreadAnswer =
  | { kind: 'done'; value: Rewritten }
  | { kind: 'refused'; message: string; hint: string | undefined; code: string; position: Position | null }
  | { kind: 'broken'; message: string }

interface Waiting {
  question: ThreadQuestion
  resolve(answer: ThreadAnswer): void
}

export interface RewriterOptions {
  /** What a text may take; loading the parser comes on top of it. */
  within_ms?: number
  /** After so long without a question the thread ends, and its 50 MB with it. */
  idle_ms?: number
  /** Questions that wait at most. */
  waiting?: number
}

const loading_ms = 10_000

/**
 * Reads SQL in a thread of its own, one text after the other, so that none holds the event loop. A text that takes longer
 * than its time is refused, and its thread replaced. The thread is there from the first question on.
 */
export function createRewriter({
  within_ms = 2_000,
  idle_ms = 60_000,
  waiting = 200,
}: RewriterOptions = {}): Rewriter {
  let thread: { worker: Worker; loaded: boolean } | null = null
  let current: Waiting | null = null
  const queue: Waiting[] = []
  let timer: Timer | undefined

  function start(): { worker: Worker; loaded: boolean } {
    const worker = new Worker(new URL('rewriter-thread.ts', import.meta.url))
    const started = { worker, loaded: false }
    worker.unref()
    worker.addEventListener('message', ({ data }: MessageEvent<ThreadAnswer>) => {
      started.loaded = true
      finish(data)
    })
    worker.addEventListener('error', ({ message }) => end({ kind: 'broken', message }))
    return started
  }

  function next(): void {
    clearTimeout(timer)
    current = queue.shift() ?? null
    if (!current) {
      timer = setTimeout(() => end(null), idle_ms)
      timer.unref()
      return
    }
    thread ??= start()
    timer = setTimeout(() => end(tooLong), thread.loaded ? within_ms : within_ms + loading_ms)
    thread.worker.postMessage(current.question)
  }

  function finish(answer: ThreadAnswer): void {
    current?.resolve(answer)
    next()
  }

  function end(answer: ThreadAnswer | null): void {
    thread?.worker.terminate()
    thread = null
    if (answer) finish(answer)
  }

  async function ask(question: ThreadQuestion): Promise<Rewritten | SqlError | InvalidError> {
    if (queue.length >= waiting)
      throw new UnavailableError('Cannot read the SQL: too much is waiting', 'try again in a few seconds', {
        code: 'too_many_queries',
      })
    const answer = await new Promise<ThreadAnswer>((resolve) => {
      queue.push({ question, resolve })
      if (!current) next()
    })
    if (answer.kind === 'done') return answer.value
    if (answer.kind === 'broken') throw new Error(`the thread that reads SQL has broken: ${answer.message}`)
    const { message, hint, code, position } = answer
    return code === 'invalid_sql'
      ? new SqlError(message, hint, position)
      : new InvalidError(message, hint, code)
  }

  return {
    async rewrite(request) {
      const answer = await ask({ kind: 'rewrite', request })
      if (answer instanceof Error) throw answer
      return answer
    },
    async explain(refusal) {
      const answer = await ask({ kind: 'explain', refusal })
      return answer instanceof SqlError ? answer : new SqlError(`QuestDB refuses the SQL: ${refusal.message}`)
    },
  }
}

const tooLong: ThreadAnswer = {
  kind: 'refused',
  message: 'Cannot read the SQL: it takes too long',
  hint: 'write it more plainly',
  code: 'invalid_sql',
  position: null,
}
