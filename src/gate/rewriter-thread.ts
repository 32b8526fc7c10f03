import { InvalidError } from '../errors.ts'
import { explainRefusal } from './explain.ts'
import { rewrite } from './rewrite.ts'
import type { ThreadAnswer, ThreadQuestion } from './rewriter.ts'
import { SqlError } from './sql-error.ts'

declare const self: Worker

// The thread that rewriter.ts starts.
self.addEventListener('message', ({ data }: MessageEvent<ThreadQuestion>) => self.postMessage(answer(data)))

function answer(question: ThreadQuestion): ThreadAnswer {
  try {
    const value = question.kind === 'rewrite' ? rewrite(question.request) : explainRefusal(question.refusal)
    return value instanceof SqlError ? { kind: 'refused', ...told(value) } : { kind: 'done', value }
  } catch (error) {
    if (error instanceof InvalidError) return { kind: 'refused', ...told(error) }
    // A stack that is full, say: the text is what is wrong with it.
    return { kind: 'broken', message: error instanceof Error ? error.message : String(error) }
  }
}

function told(error: InvalidError) {
  const { message, hint, code } = error
  return { message, hint, code, position: error instanceof SqlError ? error.position : null }
}
