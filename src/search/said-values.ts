import type { Entry, EntryParameter } from './rank.ts'
import type { SaidWindow } from './window-words.ts'

/** Values by parameter. */
export type Values = Readonly<Record<string, string | number>>

/** A value that a text names. `texts` is what names it, and what else it says: that a text is about a client, say. */
interface Said {
  /** Of the parameter that takes it; the first that an entry has. */
  names: readonly string[]
  value: string | number
  text: string
  about: string
}

const counted = String.raw`(\d{1,4}|one|two|three|four|five|ten|twenty|eine?|zwei|drei|vier|fünf|zehn|zwanzig)`
const numbers = new Map(
  [
    ['one', 'ein', 'eine'],
    ['two', 'zwei'],
    ['three', 'drei'],
    ['four', 'vier'],
    ['five', 'fünf'],
    ['ten', 'zehn'],
    ['twenty', 'zwanzig'],
  ].flatMap((words, at) => words.map((word) => [word, [1, 2, 3, 4, 5, 10, 20][at] ?? 0] as const)),
)
const open = String.raw`(?<![\p{L}\p{N}/._:-])`
const shut = String.raw`(?![\p{L}\p{N}/_:-]|\.[\p{L}\p{N}])`

/** How values are written, in the order in which they are taken out of a text. */
const kinds: {
  names: readonly string[]
  pattern: RegExp
  about: string
  value?(text: string): string | number
}[] = [
  { names: ['requester'], pattern: /arn:aws:[\w:/@.+=,-]+[\w/]|\b[0-9a-f]{60,64}\b/giu, about: 'requester' },
  {
    names: ['ip'],
    pattern:
      /(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|(?:[0-9a-f]{1,4}:){2,7}[0-9a-f]{0,4}(?::[0-9a-f]{1,4})*)(?![\w:]|\.\d)/giu,
    about: 'client',
  },
  {
    names: ['limit'],
    pattern: new RegExp(
      `${open}(?:(?:the\\s+)?(?:top|first)|(?:die|den|der)\\s+(?:ersten|obersten))\\s+${counted}${shut}`,
      'giu',
    ),
    about: '',
    value: numberIn,
  },
  {
    names: ['limit'],
    pattern: new RegExp(
      `${open}${counted}(?=\\s+(?:largest|biggest|most|busiest|slowest|newest|latest|größten|meisten|häufigsten|neuesten|langsamsten))`,
      'giu',
    ),
    about: '',
    value: numberIn,
  },
  { names: ['operation'], pattern: /\b(?:REST|WEBSITE|BATCH|S3)(?:\.[A-Z_]+){1,3}\b/gu, about: 'operation' },
  {
    names: ['prefix', 'key_prefix'],
    pattern: /(?<![\p{L}\p{N}/._:-])(?:[\p{L}\p{N}._~+@-]+\/)+(?![\p{L}\p{N}._~+@-])/giu,
    about: '',
  },
  {
    names: ['key'],
    pattern:
      /["'`„“»]([^"'`„“”»«\n]*[/.][^"'`„“”»«\n]*)["'`”“«]|(?<![\p{L}\p{N}/._:-])(?:[\p{L}\p{N}._~+@%()-]+\/)+[\p{L}\p{N}._~+@%()-]*[\p{L}\p{N})]|(?<![\p{L}\p{N}/._:-])[\p{L}\p{N}_-]+\.(?:jpe?g|png|gif|webp|avif|svg|mp4|mov|mp3|pdf|docx?|xlsx?|csv|json|txt|log|gz|zip|tar|sql|html?|js|css|parquet)(?![\p{L}\p{N}/])/giu,
    about: 'object',
    value: (text) => text.replace(/^["'`„“»]|["'`”“«]$/g, ''),
  },
  {
    names: ['status'],
    pattern: /(?<![\p{L}\p{N}.,/-])(?:[1-5]xx|[1-5]\d\d)(?![\p{L}\p{N}/%]|[.,]\d)/giu,
    about: '',
  },
]

/** What a text says besides its words, and the text without it. */
export interface SaidValues {
  values: readonly Said[]
  /** Values are replaced by what they are about. */
  rest: string
}

/** Takes values out of a text; buckets by their names, as no pattern tells them from words. */
export function valuesIn(text: string, buckets: readonly string[]): SaidValues {
  const values: Said[] = []
  let rest = text
  const take = (pattern: RegExp, make: (found: string) => Omit<Said, 'text'>): void => {
    rest = rest.replace(pattern, (found: string) => {
      const said = { ...make(found), text: found }
      values.push(said)
      return ` ${said.about} `
    })
  }
  for (const name of buckets.toSorted((a, b) => b.length - a.length)) {
    const literal = name.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
    take(
      new RegExp(
        `(?<![\\p{L}\\p{N}/._:-])["'\`]?${literal}["'\`]?(?![\\p{L}\\p{N}/_-]|\\.[\\p{L}\\p{N}])`,
        'giu',
      ),
      () => ({
        names: ['bucket'],
        value: name,
        about: '',
      }),
    )
  }
  for (const { names, pattern, about, value = (found: string) => found } of kinds)
    take(pattern, (found) => ({ names, value: value(found), about: names[0] === 'status' ? found : about }))
  return { values, rest }
}

function numberIn(text: string): number {
  const word = /[\p{L}\p{N}]+$/u.exec(text)?.[0].toLowerCase() ?? ''
  return numbers.get(word) ?? Number(word)
}

const aboutOne = new Set(['key', 'ip', 'requester'])
const formats: [RegExp, string][] = [
  [/(?<!\p{L})(?:origin|ursprung|s3)(?!\p{L})/iu, 's3'],
  [/(?<!\p{L})cdn(?!\p{L})/iu, 'cdn'],
]

/** What an entry takes of all that was said. `left`: values that it has no parameter for. */
export interface Filled {
  values: Values
  /** Whether the window is taken as a number of hours or days, or not at all. */
  isWindowTaken: boolean
  left: number
  /** Whether the first of its parameters, which tells what it is about, is said. */
  isAbout: boolean
}

/** Fills the parameters of an entry. */
export function fill(
  { parameters, title, windows }: Entry,
  { values, rest }: SaidValues,
  window: SaidWindow | null,
): Filled {
  const filled: Record<string, string | number> = {}
  const find = (name: string): EntryParameter | undefined => parameters.find((one) => one.name === name)
  const isRefused = window && (windows === 'none' || (windows === 'months' && !isMonth(window)))
  let left = isRefused ? 1 : 0
  for (const { names, value } of values) {
    // A title that says a status by itself is about it.
    if (names[0] === 'status' && title.includes(String(value))) continue
    const parameter = names.map(find).find((one) => one !== undefined)
    const fits = parameter && (parameter.type !== 'choice' || parameter.choices?.includes(String(value)))
    // A status is a word too, by which the entry was found.
    if (parameter && fits && filled[parameter.name] === undefined) filled[parameter.name] = value
    else if (names[0] !== 'status' && !(parameter && filled[parameter.name] === value)) left++
  }
  const format = formats.find(([pattern]) => pattern.test(rest) && !pattern.test(title))
  if (format && find('format')) filled['format'] = format[1]
  const taking = window?.ago ? find(`${window.ago.unit}s`) : undefined
  if (taking && window?.ago) filled[taking.name] = window.ago.count
  const [first] = parameters
  const isAbout = first !== undefined && aboutOne.has(first.name) && filled[first.name] !== undefined
  return { values: filled, isWindowTaken: taking !== undefined || windows === 'none', left, isAbout }
}

function isMonth({ from_ms }: SaidWindow): boolean {
  return new Date(from_ms).toISOString().includes('-01T00:00')
}
