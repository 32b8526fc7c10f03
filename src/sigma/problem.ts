/** Why a rule, or a part of it, cannot be searched for in access logs. `at`: the path in the rule, `detection.selection.eventName`. */
export interface Problem {
  at: string
  fact: string
  remedy: string
}

/** All problems of a rule at once. */
export class SigmaError extends Error {
  override name = 'SigmaError'
  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(({ at, fact, remedy }) => `${at}: ${fact}; ${remedy}`).join('\n'))
  }
}
