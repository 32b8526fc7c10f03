import { allOf, anyOf, notOf } from './predicate.ts'
import type { Predicate } from './predicate.ts'
import { SigmaError } from './problem.ts'

const deepest = 50

/**
 * Puts selections together as a condition says: names, `and`, `or`, `not`, parentheses, `1 of name*`, `all of them`
 * (where names that begin with `_` are left out). Throws SigmaError for whatever else stands there.
 */
export function readCondition(condition: string, selections: ReadonlyMap<string, Predicate>): Predicate {
  const words = condition.match(/[()|]|[^\s()|]+/g) ?? []
  let at = 0
  const next = (): string | undefined => words[at]?.toLowerCase()
  const took = (word: string): boolean => next() === word && ++at > 0

  function either(depth: number): Predicate {
    const parts = [both(depth)]
    while (took('or')) parts.push(both(depth))
    return anyOf(parts)
  }

  function both(depth: number): Predicate {
    const parts = [one(depth)]
    while (took('and')) parts.push(one(depth))
    return allOf(parts)
  }

  function one(depth: number): Predicate {
    if (depth > deepest) throw refused('it is nested too deeply', `at most ${deepest} levels`)
    if (took('not')) return notOf(one(depth + 1))
    if (took('(')) {
      const inner = either(depth + 1)
      if (!took(')')) throw refused('a ( is not closed', 'write the )')
      return inner
    }
    const word = words[at++]
    if (word === undefined) throw refused('it ends too early', 'write a selection behind the last word')
    if (/^(any|1|all)$/i.test(word) && took('of')) return many(word.toLowerCase() === 'all')
    const predicate = selections.get(word)
    if (predicate === undefined) throw refused(`'${word}' is no selection`, known())
    return predicate
  }

  function many(all: boolean): Predicate {
    const pattern = words[at++] ?? ''
    const names = [...selections.keys()].filter((name) =>
      pattern.toLowerCase() === 'them' ? !name.startsWith('_') : isLike(name, pattern),
    )
    if (names.length === 0) throw refused(`'${pattern}' fits no selection`, known())
    const parts = names.map((name) => selections.get(name) ?? false)
    return all ? allOf(parts) : anyOf(parts)
  }

  const known = (): string => `the selections are ${[...selections.keys()].join(', ')}`
  const predicate = either(0)
  if (took('|')) throw refused('it counts rows', 'take out what stands behind |: one request is looked at')
  if (at < words.length) throw refused(`'${words[at]}' stands where and or or is expected`, known())
  return predicate
}

function isLike(name: string, pattern: string): boolean {
  const [head = '', ...rest] = pattern.split('*')
  if (rest.length === 0) return name === pattern
  let from = head.length
  const last = rest.pop() ?? ''
  const fits = rest.every((part) => {
    const found = name.indexOf(part, from)
    from = found + part.length
    return found >= 0
  })
  return fits && name.startsWith(head) && name.endsWith(last) && name.length - last.length >= from
}

function refused(fact: string, remedy: string): SigmaError {
  return new SigmaError([{ at: 'detection.condition', fact, remedy }])
}
