import type { Question } from '../library.ts'
import { sameWords } from './same-words.ts'

// Words that say nothing of what is asked.
const empty = new Set(
  'a about access all an and any are as at be been but by can could did do does for from had has have how i in is it its list many me much my of on or our please show tell than that the their them there these they this to was we were what when where which why will with would you your'.split(
    ' ',
  ),
)

const endings = /(?<=...)(ions?|ings?|ed|es|e|s)$/

/** A word without the ending that changes with its use: `deletes` and `deleted` are `delet`. */
function stemOf(word: string): string {
  if (/ss$|\d/.test(word)) return word
  return word.replace(/(?<=..)ies$/, 'y').replace(endings, '')
}

const things: readonly ReadonlySet<string>[] = sameWords.map(
  (words) => new Set(words.split(' ').map((word) => stemOf(word))),
)

function wordsOf(text: string): string[] {
  return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !empty.has(word))
}

interface Asked {
  word: string
  stem: string
  /** Stems of other words for the same thing. */
  others: ReadonlySet<string>
}

function askedOf(word: string): Asked {
  const stem = stemOf(word)
  const others = new Set(things.filter((thing) => thing.has(stem)).flatMap((thing) => [...thing]))
  return { word, stem, others }
}

/** How well a text holds a word, from 0 to 1: as it is, in another form, its beginning, or another word for it. */
function likeness({ word, stem, others }: Asked, text: readonly string[]): number {
  if (text.includes(word)) return 1
  const stems = text.map((one) => stemOf(one))
  if (stems.includes(stem)) return 0.9
  if (stem.length >= 3 && stems.some((one) => one.startsWith(stem))) return 0.7
  return stems.some((one) => others.has(one)) ? 0.6 : 0
}

/** The texts of a question with how much a word in each counts. */
function textsOf({ name, title, category, description, parameters }: Question): [string[], number][] {
  return [
    [wordsOf(title), 3],
    [wordsOf(`${name} ${category}`), 2],
    [wordsOf(description), 1],
    [wordsOf(parameters.map((one) => `${one.name} ${one.description}`).join(' ')), 0.5],
  ]
}

/** The questions that a text in plain words may mean, the best first; none where no word of it is met. A rare word counts more. */
export function rank(text: string, questions: readonly Question[]): Question[] {
  const wanted = text.trim().toLowerCase()
  const asked = [...new Set(wordsOf(wanted))].map((word) => askedOf(word))
  const texts = questions.map((question) => textsOf(question))
  const found = asked.map((one) =>
    texts.map((of) => Math.max(0, ...of.map(([words, weight]) => weight * likeness(one, words)))),
  )
  const rarity = found.map((of) => Math.log(1 + questions.length / (1 + of.filter((one) => one > 0).length)))
  const scored = questions.map((question, place) => ({
    question,
    score:
      question.title.toLowerCase() === wanted
        ? Infinity
        : found.reduce((sum, of, index) => sum + (of[place] ?? 0) * (rarity[index] ?? 0), 0),
  }))
  const ordered = scored.filter(({ score }) => score > 0).toSorted((a, b) => b.score - a.score)
  return ordered.map(({ question }) => question)
}
