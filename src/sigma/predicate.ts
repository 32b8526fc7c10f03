/** A condition on one row: SQL, or known without looking at one. */
export type Predicate = boolean | string

export function allOf(parts: readonly Predicate[]): Predicate {
  const open = parts.filter((part) => part !== true)
  return open.includes(false) ? false : joined(open, ' AND ', true)
}

export function anyOf(parts: readonly Predicate[]): Predicate {
  const open = parts.filter((part) => part !== false)
  return open.includes(true) ? true : joined(open, ' OR ', false)
}

export function notOf(part: Predicate): Predicate {
  return typeof part === 'boolean' ? !part : `NOT (${part})`
}

function joined(parts: readonly Predicate[], by: string, empty: boolean): Predicate {
  const [first = empty] = parts
  return parts.length < 2 ? first : `(${parts.join(by)})`
}
