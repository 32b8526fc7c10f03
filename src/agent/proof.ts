import type { Evidence, Proof } from './answers.ts'

const bytes = [1, 1e3, 1024, 1e6, 1024 ** 2, 1e9, 1024 ** 3, 1e12, 1024 ** 4]
const second = 1000
/** What a figure with this unit may be in the evidence: times one of these. Times are in ms there, or in the unit itself. */
const units: [RegExp, number[]][] = [
  [/^(%|percent)/i, [1, 0.01]],
  [/^[kK]i?B\b/, bytes.slice(1, 3)],
  [/^Mi?B\b/, bytes.slice(3, 5)],
  [/^Gi?B\b/, bytes.slice(5, 7)],
  [/^Ti?B\b/, bytes.slice(7, 9)],
  [/^(k|thousand)\b/i, [1e3]],
  [/^(M|million)\b/, [1e6]],
  [/^(bn|billion)\b/i, [1e9]],
  [/^(ms|milliseconds?)\b/i, [1]],
  [/^(s|secs?|seconds?)\b/i, [1, second]],
  [/^(m|mins?|minutes?)\b/i, [1, 60, 60 * second]],
  [/^(h|hours?)\b/i, [1, 3600, 3600 * second]],
  [/^(d|days?)\b/i, [1, 86_400, 86_400 * second]],
  [/^(w|weeks?)\b/i, [1, 604_800, 604_800 * second]],
]
const month = /\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s*$/i
const monthAfter = /^\s*(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/i
const hedge =
  /(\b(about|around|roughly|approximately|over|nearly|almost|more than|less than|under|some)|[~≈<>])\s*$/i

/**
 * Looks for each figure of `text` in the evidence, in the arguments of its calls and in the question; rounding, units
 * and thousands separators are allowed. Gives the text with ` (unproven)` after each that is not found.
 */
export function prove(
  text: string,
  { evidence, said }: { evidence: readonly Evidence[]; said: string },
): { text: string; proof: Proof } {
  const known = knowledge(evidence, said)
  const proof: Proof = { figures: 0, unproven: [] }
  const marked = text.replace(/[\p{L}\p{N}_./:@%+\-,]*\d[\p{L}\p{N}_./:@%+\-,]*/gu, (run, at: number) => {
    const figure = run.replace(/^[.,:+-]+|[.,:+-]+$/g, '')
    const from = at + run.indexOf(figure)
    const before = text.slice(Math.max(0, from - 24), from)
    const after = text.slice(from + figure.length, from + figure.length + 24)
    if (/(^|\n)\s*$/.test(text.slice(0, from)) && /^[.)]\s/.test(after)) return run
    const proven = isProven(figure, before, after, known)
    if (proven === null) return run
    proof.figures++
    if (proven) return run
    proof.unproven.push(figure)
    return run.replace(figure, `${figure} (unproven)`)
  })
  return { text: marked, proof }
}

interface Knowledge {
  /** In ascending order. */
  numbers: number[]
  /** All of it as text, for moments and addresses. */
  words: string
}

/** Null: it is no figure but a name. */
function isProven(figure: string, before: string, after: string, known: Knowledge): boolean | null {
  const range = /^(\d[\d,.]*)-(\d[\d,.]*)$/.exec(figure)
  if (range) return [range[1], range[2]].every((end) => isProven(end ?? '', before, after, known) !== false)
  // A moment, or an address.
  if (/^\d{4}-\d\d(-\d\d)?([T ].*)?$|^\d\d:\d\d(:\d\d)?Z?$|^\d{1,3}(\.\d{1,3}){3}$/.test(figure))
    return known.words.includes(figure.replace(/Z$/, ''))
  const number = /^([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?([a-zA-Z%]*)$/.exec(figure)
  if (!number) return null
  const [, sign, whole = '', fraction = '', suffix = ''] = number
  const unit = units.find(([pattern]) => pattern.test(suffix || after.trimStart()))
  if (suffix && !unit) return null
  const digits = whole.replaceAll(',', '')
  const value = Number(`${sign}${digits}${fraction}`)
  if (!fraction && (month.test(before) || monthAfter.test(after)) && value <= 31)
    return known.words.includes(`-${digits.padStart(2, '0')}T`)
  if (!fraction && /^20\d\d$/.test(figure) && known.words.includes(`"${figure}-`)) return true
  const zeros = fraction ? 0 : (/0{2,}$/.exec(digits)?.[0].length ?? 0)
  const within = fraction
    ? 0.5 * 10 ** (1 - fraction.length)
    : hedge.test(before) && zeros
      ? 10 ** zeros - 0.5
      : 0.5
  return (unit?.[1] ?? [1]).some((factor) => hasNumber(known.numbers, value * factor, within * factor))
}

function knowledge(evidence: readonly Evidence[], said: string): Knowledge {
  const numbers: number[] = []
  const visit = (value: unknown): void => {
    if (typeof value === 'number') numbers.push(value)
    else if (typeof value === 'string') {
      if (/^-?\d+(\.\d+)?$/.test(value)) numbers.push(Number(value))
    } else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit)
  }
  const texts = [said]
  for (const { rows, facts, totals, row_count, coverage, arguments: given } of evidence) {
    const { window, compared_with } = coverage ?? {}
    visit([rows, facts, totals, row_count, coverage])
    for (const span of [window, compared_with])
      if (span) numbers.push(Date.parse(span.to) - Date.parse(span.from))
    texts.push(JSON.stringify(given))
  }
  for (const [number] of texts.join(' ').matchAll(/\d[\d,]*(\.\d+)?/g))
    numbers.push(Number(number.replaceAll(',', '')))
  const words = JSON.stringify([evidence.map(({ rows, facts, coverage }) => [rows, facts, coverage]), texts])
  return { numbers: numbers.toSorted((a, b) => a - b), words }
}

function hasNumber(sorted: readonly number[], value: number, within: number): boolean {
  const slack = within + Math.abs(value) * 1e-12
  let low = 0
  for (let high = sorted.length; low < high;) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? 0) < value - slack) low = middle + 1
    else high = middle
  }
  return (sorted[low] ?? Number.POSITIVE_INFINITY) <= value + slack
}
