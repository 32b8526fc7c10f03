import type { Ask } from './question.ts'

/** Sends a question to the model, or to the library where there is none or where something of it is chosen. */
export function createAskInWords({ library, model }: { library: Ask; model: Ask | null }): Ask {
  return (question, asker) =>
    model && question.choose === undefined ? model(question, asker) : library(question, asker)
}
