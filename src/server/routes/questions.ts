import type { AskQuestion } from '../../questions/ask.ts'
import { library } from '../../questions/library.ts'
import type { Route } from '../router.ts'

/** `/sql/library`, the questions that SQL of ours answers by name, and `/ask/:question`, the answer to one. */
export function questionRoutes(route: Route, askQuestion: AskQuestion): void {
  route('GET /sql/library', () => ({ questions }))
  route('GET /ask/:question', ({ params, query, reader: { scope, turns_of }, request: { signal } }) => {
    const { from, to, ...parameters } = query as Record<string, string | undefined>
    return askQuestion({ ...params, parameters, from, to, scope, turns_of, signal })
  })
}

const questions = library.map(({ parameters, ...question }) => ({
  ...question,
  parameters: parameters.map((parameter) => {
    if (parameter.type !== 'choice') return parameter
    const { plain: _, ...shown } = parameter
    return shown
  }),
}))
