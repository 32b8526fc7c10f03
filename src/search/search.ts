import { createRank } from './rank.ts'
import type { Entry } from './rank.ts'
import { fill, valuesIn } from './said-values.ts'
import type { Filled, Values } from './said-values.ts'
import { windowIn } from './window-words.ts'

/** An entry that a text may mean, with what the text says of its parameters and window. */
export interface Match<Item extends Entry> {
  entry: Item
  parameters: Values
  /** ISO 8601 in UTC; null: as the entry looks back by itself. */
  window: Span | null
}

interface Span {
  from: string
  to: string
}

/** How sure the first match is. */
export interface Certainty {
  /** How much of the text the entry knows, from 0 to 1. */
  coverage: number
  /** How much of a phrase of the entry the text says, from 0 to 1. */
  phrase: number
  /** How many words the entry knows of what is mainly asked. */
  words: number
  /** How often its score is that of the second. */
  margin: number
  /** Values of the text that the entry cannot take. */
  left: number
  /** The text asks that something be done. */
  isDeed: boolean
  /** The text denies something, and the entry does not. */
  isDenied: boolean
  /** No word about time is left unread. */
  isTimeRead: boolean
}

export interface FoundEntries<Item extends Entry> {
  /** The nearest first, at most five. */
  matches: Match<Item>[]
  /** Whether the first is what is asked. Rather false than wrong. */
  isCertain: boolean
  certainty: Certainty
}

export interface SearchedText<Item extends Entry> {
  text: string
  /** The names of buckets that the text may name. */
  buckets: readonly string[]
  now_ms: number
  /** IANA name of the clocks that the text means. */
  zone: string
  /** What the text before meant, for one that only changes its window or values. */
  before?: Match<Item> | null
  /** What is meant for certain. */
  chosen?: Item | undefined
}

export type Search<Item extends Entry> = (searched: SearchedText<Item>) => FoundEntries<Item>

const shown = 5
/** Calibrated over test/eval/wordings.ts, where nothing wrong is above both. */
const coverageAtLeast = 0.55
const phraseAtLeast = 0.65
const wordsAtLeast = 2
const marginAtLeast = 1.2
/** How much it counts that an entry does not take a value that is said, or is about it. */
const notTaken = 0.6
const aboutIt = 1.5
const deeds =
  /^\W*(?:please\s+|bitte\s+)?(?:delete|remove|erase|drop|create|make|set|change|stop|block|ban|disable|enable|upload|copy|move|restore|lösche?|entferne?|ändere|sperre?|blockiere?|stoppe?|erstelle?|kopiere|verschiebe)(?!\p{L})/iu
const timeWords =
  /(?<!\p{L})(?:night|morning|evening|noon|midnight|afternoon|quarter|year|ago|before|after|until|till|tomorrow|next|will|nacht|morgen|abend|mittag|mitternacht|vormittag|nachmittag|quartal|jahre?s?|vorher|danach|nächste[nrs]?|today|yesterday|heute|gestern|uhr|week(?:day|end)s?|wochentage?n?|wochenende)(?!\p{L})/iu
const denials =
  /(?<!\p{L})(?:not?|never|nobody|none|without|except(?:ing|ed)?|exclud(?:e|es|ed|ing)|omit(?:ting)?|ignor(?:e|ing)|minus|other\s+than|rather\s+than|instead\s+of|apart\s+from|aside\s+from|besides|but\s+for|all\s+but|neither|n't|nicht|nie|niemals|niemand|kein(?:e[nrsm]?)?|ohne|außer|ausser|ausgenommen|ausgeschlossen|abgesehen|bis\s+auf|(?:an)?statt|anstelle|abzüglich)(?!\p{L})/iu
const sameAgain =
  /(?<!\p{L})(?:and|und|same|also|what about|how about|for|in|of|bucket|the|das|gleiche|dasselbe|für|auch|im|noch mal|nochmal)(?!\p{L})/giu
const surely = {
  coverage: 1,
  phrase: 1,
  words: wordsAtLeast,
  isDenied: false,
  margin: Number.MAX_VALUE,
  isDeed: false,
  isTimeRead: true,
}

/** Searches entries by words, and reads what the words say of their parameters. */
export function createSearch<Item extends Entry>(entries: readonly Item[]): Search<Item> {
  const rank = createRank(entries)
  return ({ text, buckets, now_ms, zone, before, chosen }) => {
    const window = windowIn(text, { now_ms, zone })
    const timeless = window ? text.replace(window.text, ' ') : text
    const said = valuesIn(timeless, buckets)
    const span = window && {
      from: new Date(window.from_ms).toISOString(),
      to: new Date(window.to_ms).toISOString(),
    }
    if (chosen) {
      const filled = fill(chosen, said, window)
      const matches = [matchOf(chosen, filled, span)]
      return { matches, isCertain: true, certainty: { ...surely, left: filled.left } }
    }
    const isMore = window !== null || said.values.length > 0
    if (before && isMore && !/[\p{L}\p{N}]/u.test(said.rest.replace(sameAgain, ''))) {
      const filled = fill(before.entry, said, window)
      const { parameters, window: own } = matchOf(before.entry, filled, span)
      const matches = [
        { ...before, parameters: { ...before.parameters, ...parameters }, window: own ?? before.window },
      ]
      return { matches, isCertain: filled.left === 0, certainty: { ...surely, left: filled.left } }
    }
    const ranked = rank(said.rest)
      .map(({ entry, score, ...known }) => {
        const filled = fill(entry, said, window)
        return {
          entry,
          filled,
          known,
          score: score * notTaken ** filled.left * (filled.isAbout ? aboutIt : 1),
        }
      })
      .toSorted((a, b) => b.score - a.score)
    const [best, second] = ranked
    const certainty: Certainty = {
      coverage: best?.known.coverage ?? 0,
      phrase: best?.known.phrase ?? 0,
      words: best?.known.words ?? 0,
      margin: best && second ? best.score / second.score : Number.MAX_VALUE,
      left: best?.filled.left ?? 0,
      isDeed: deeds.test(text),
      isDenied:
        best !== undefined && denials.test(text) && !denials.test(`${best.entry.title} ${best.entry.words}`),
      isTimeRead: best?.score === Infinity || !timeWords.test(timeless),
    }
    return {
      matches: ranked.slice(0, shown).map(({ entry, filled }) => matchOf(entry, filled, span)),
      isCertain: isSure(certainty),
      certainty,
    }
  }
}

function matchOf<Item extends Entry>(entry: Item, filled: Filled, span: Span | null): Match<Item> {
  return { entry, parameters: filled.values, window: filled.isWindowTaken ? null : span }
}

function isSure({ coverage, phrase, words, margin, left, isDeed, isDenied, isTimeRead }: Certainty): boolean {
  const isClear = coverage >= coverageAtLeast && phrase >= phraseAtLeast && margin >= marginAtLeast
  return isClear && words >= wordsAtLeast && left === 0 && !isDeed && !isDenied && isTimeRead
}
