import { InvalidError, UnavailableError } from '../errors.ts'

/** One thing that has to be right. */
export interface Finding {
  name: string
  /** `warning`: SpaceWatch runs all the same. */
  state: 'ok' | 'warning' | 'wrong'
  fact: string
  /** What to do next; null where nothing needs doing. */
  remedy: string | null
}

/** Runs a check; what it throws is a finding too. */
export async function find(
  name: string,
  check: () => Promise<Omit<Finding, 'name'>> | Omit<Finding, 'name'>,
): Promise<Finding> {
  try {
    return { name, ...(await check()) }
  } catch (error) {
    if (!(error instanceof InvalidError || error instanceof UnavailableError)) throw error
    return { name, state: 'wrong', fact: error.message, remedy: error.hint ?? null }
  }
}

export function ok(fact: string): Omit<Finding, 'name'> {
  return { state: 'ok', fact, remedy: null }
}
