import { sameWords } from './same-words.ts'
import { stemsOf } from './stems.ts'

/** What can be found by words. */
export interface Entry {
  /** Unlike those of all others. */
  name: string
  /** As a person would ask it. */
  title: string
  description: string
  category: string
  /** What else people say for it, English and German. */
  words: string
  parameters: readonly EntryParameter[]
  /** How readily it is meant, where it is not as readily as others; default 1. */
  readiness?: number
  /** Which windows it can be asked about; default: any. Months are those of UTC. */
  windows?: 'none' | 'months'
}

export interface EntryParameter {
  name: string
  description: string
  type: 'text' | 'integer' | 'number' | 'choice'
  default: string | number | null
  choices?: readonly string[]
}

export interface Ranked<Item extends Entry> {
  entry: Item
  score: number
  /** How much of what is asked the entry knows, from 0 to 1: rare words count more. */
  coverage: number
  /** How much of its title, or of another phrase for it, is asked, from 0 to 1. */
  phrase: number
  /** How many words it knows of what is mainly asked. */
  words: number
}

/** The entries that a text may mean, the best first; none where no word of it is met. */
export type Rank<Item extends Entry> = (text: string) => Ranked<Item>[]

const things: ReadonlyMap<string, readonly number[]> = new Map(
  [
    ...Map.groupBy(
      sameWords.flatMap((words, thing) => [...new Set(stemsOf(words))].map((stem) => ({ stem, thing }))),
      ({ stem }) => stem,
    ),
  ].map(([stem, of]) => [stem, of.map(({ thing }) => thing)]),
)

// BM25F with the usual constants: how soon more of the same word says nothing more, and how much length counts.
const saturation = 1.2
const lengthShare = 0.3
// How much it counts that one phrase of an entry is asked whole.
const phraseShare = 0.5
// Words that say which of many, and little of what.
const modifiers = new Set(
  stemsOf(
    'most many much largest biggest highest top größte größten meisten viel viele häufigste häufigsten am',
  ),
)
const modifier = 0.5
// What is asked besides says less of what is meant.
const besides = /[,:;]\s+(?=(?:and|und|how|which|with|by|in|from|over|wie|welche[rsnm]?|mit|von)(?!\p{L}))/u
const aside = 0.6
const sameSubject = 1.25
const otherSubject = 0.9
// A word that only a description says, which says many in passing, tells less.
const plainly = 2
const inPassing = 0.6
const otherWord = 0.6
const begunWord = 0.6

/** BM25 over the texts of entries, by stems and by other words for the same thing. */
export function createRank<Item extends Entry>(entries: readonly Item[]): Rank<Item> {
  const documents = entries.map((entry) => ({ entry, ...documentOf(entry) }))
  const average = documents.reduce((sum, { length }) => sum + length, 0) / Math.max(1, documents.length)
  const known = Map.groupBy(
    documents.flatMap(({ counts }) => [...counts.keys()]),
    (term) => term,
  )
  const vocabulary = new Set([...things.keys(), ...[...known.keys()].filter((term) => !term.startsWith('#'))])
  const rarity = (term: string): number => Math.log(1 + entries.length / (known.get(term)?.length ?? 1))
  const unknown = Math.log(1 + entries.length)

  /** The terms of a word with how much each counts. */
  function termsOf(stem: string, isLast: boolean): [string, number][] {
    const parts = vocabulary.has(stem) ? [stem] : partsOf(stem, vocabulary)
    const begun = isLast && parts.length === 0 && stem.length > 2
    return [
      ...parts.flatMap((part): [string, number][] => [
        [part, 1],
        ...(things.get(part) ?? []).map((thing): [string, number] => [`#${thing}`, otherWord]),
      ]),
      ...(begun ? [...vocabulary].filter((word) => word.startsWith(stem)) : []).map(
        (word): [string, number] => [word, begunWord],
      ),
    ]
  }

  return (text) => {
    const stems = [...new Set(stemsOf(text))]
    const asked = stems.map((stem, at) => termsOf(stem, at === stems.length - 1))
    const main = new Set(stemsOf(text.split(besides)[0] ?? ''))
    const emphasis = stems.map((stem) => (main.has(stem) ? 1 : aside) * (modifiers.has(stem) ? modifier : 1))
    const weights = asked.map((terms, at) => {
      const met = terms.filter(([term]) => known.has(term))
      const most = met.length === 0 ? unknown : Math.max(...met.map(([term, share]) => share * rarity(term)))
      return most * (emphasis[at] ?? 1)
    })
    const subject = subjectOf(text)
    const shares = new Map<string, number>()
    for (const [term, share] of asked.flat()) shares.set(term, Math.max(share, shares.get(term) ?? 0))
    /** How much of a phrase is asked. */
    const said = (phrase: readonly string[]): number => {
      const all = phrase.reduce((sum, stem) => sum + rarity(stem), 0)
      const met = phrase.map((stem) => {
        const others = (things.get(stem) ?? []).map((thing) => shares.get(`#${thing}`) ?? 0)
        return rarity(stem) * Math.max(shares.get(stem) ?? 0, ...others)
      })
      return met.reduce((sum, one) => sum + one, 0) / all
    }
    const whole = text.trim().toLowerCase()
    const ranked = documents.map(({ entry, counts, length, phrases, about }) => {
      let score = 0
      let covered = 0
      let words = 0
      for (const [at, terms] of asked.entries()) {
        let best = 0
        let sure = 0
        for (const [term, share] of terms) {
          const count = counts.get(term) ?? 0
          const norm = saturation * (1 - lengthShare + (lengthShare * length) / average)
          best = Math.max(best, (share * rarity(term) * count * (saturation + 1)) / (count + norm))
          if (count > 0) sure = Math.max(sure, share * (count < plainly ? inPassing : 1))
        }
        score += best * (emphasis[at] ?? 1)
        if (best > 0 && main.has(stems[at] ?? '')) words++
        covered += sure * (weights[at] ?? 0)
      }
      const asksAll = weights.reduce((sum, weight) => sum + weight, 0)
      const phrase = Math.max(...phrases.map(said))
      score *= 1 - phraseShare + phraseShare * phrase
      if (subject && about)
        score *= isSame(subject, about) ? sameSubject : subject === 'who' ? 1 : otherSubject
      score *= entry.readiness ?? 1
      const isTitle = entry.title.toLowerCase() === whole
      return isTitle
        ? { entry, score: Infinity, coverage: 1, phrase: 1, words: stems.length }
        : { entry, score, coverage: covered / asksAll, phrase, words }
    })
    return ranked.filter(({ score }) => score > 0).toSorted((a, b) => b.score - a.score)
  }
}

/** The texts of an entry with how much a word in each counts. */
function documentOf({ name, title, category, description, words, parameters }: Entry) {
  const texts: [string, number][] = [
    [title, 3],
    [words, 3],
    [`${name.replace(/(?<=[a-z])(?=[A-Z])/g, ' ')} ${category}`, 2],
    [description, 1],
    [parameters.map((one) => `${one.name} ${one.description}`).join(' '), 0.3],
  ]
  const counts = new Map<string, number>()
  let length = 0
  for (const [text, weight] of texts) {
    const stems = new Set(stemsOf(text))
    length += stems.size * weight
    const terms = new Set(
      [...stems].flatMap((stem) => [stem, ...(things.get(stem) ?? []).map((at) => `#${at}`)]),
    )
    for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + weight)
  }
  const phrases = [title, ...words.split(/[;,]/)].map((phrase) => [...new Set(stemsOf(phrase))])
  return {
    counts,
    length,
    about: subjectOf(title),
    phrases: phrases.filter((stems, at) => at === 0 || stems.length > 1),
  }
}

/** What a text asks for: a stem, or `who`; null where it does not say. */
function subjectOf(text: string): string | null {
  if (/^\s*(?:and |und )?(?:who|wer|whose|whom|wessen|von wem|by whom)(?!\p{L})/iu.test(text)) return 'who'
  const [, noun] =
    /(?<!\p{L})(?:which|welche[rsnm]?|each|jede[rsnm]?)\s+(?:of\s+the\s+)?(\p{L}+)/iu.exec(text) ?? []
  return stemsOf(noun ?? '')[0] ?? null
}

function isSame(a: string, b: string): boolean {
  return a === b || (things.get(a) ?? []).some((thing) => things.get(b)?.includes(thing))
}

const shortestPart = 4

/** What a compound is made of: a known word that it ends in, and one that it begins with. */
function partsOf(stem: string, vocabulary: ReadonlySet<string>): string[] {
  const long = [...vocabulary].filter((word) => word.length >= shortestPart && word.length < stem.length)
  const longest = (words: string[]): string[] => words.toSorted((a, b) => b.length - a.length).slice(0, 1)
  if (stem.length < 2 * shortestPart) return []
  return [
    ...longest(long.filter((word) => stem.endsWith(word))),
    ...longest(long.filter((word) => stem.startsWith(word))),
  ]
}
