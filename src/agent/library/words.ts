import type { Evidence } from '../answers.ts'
import { cleanMarkdown } from '../markdown.ts'
import { shortened } from '../plain-text.ts'
import type { ToolResult } from '../tool.ts'
import type { FoundInLibrary, LibraryMatch } from './find.ts'

const value_chars = 120

/** What was found, in words of the server: what was asked, of which window, and the first row. */
export function foundText(
  match: LibraryMatch,
  { columns, rows, row_count, truncated, coverage }: Evidence,
): string {
  const window = coverage ? `, from ${moment(coverage.window.from)} to ${moment(coverage.window.to)} UTC` : ''
  const asked = `**${match.entry.title}**${given(match)}${window}.`
  const [first] = rows
  if (!first) return `${asked}\n\nNothing was found.`
  const fields = columns.flatMap(({ name, unit }, at) => {
    const value = first[at]
    return value === null || value === undefined ? [] : [`${name} ${code(value)}${unitText(unit)}`]
  })
  const count =
    row_count === 1 ? 'One row' : `${row_count} rows${truncated ? ', cut: there are more' : ''}; the first`
  return `${asked}\n\n${count}: ${fields.join(', ')}.`
}

/** Why nothing is answered, and what may be meant. */
export function uncertainText({ matches, certainty }: FoundInLibrary): string {
  const deed = certainty.isDeed ? 'SpaceWatch only reads: it deletes and changes nothing. ' : ''
  if (matches.length === 0) return `${deed}Nothing in the library is about this, so nothing was looked up.`
  return `${deed}It is not certain what is asked, so nothing was looked up. What may be meant is listed as nearest.`
}

export function failedText(match: LibraryMatch, { error, hint }: Extract<ToolResult, { ok: false }>): string {
  return `**${match.entry.title}**${given(match)} could not be answered. ${cleanMarkdown(error)}${hint ? `: ${cleanMarkdown(hint)}` : ''}.`
}

/** What is asked for in particular, in words. */
export function given({ parameters }: LibraryMatch): string {
  const said = Object.entries(parameters).map(([name, value]) => `${name} ${code(value)}`)
  return said.length === 0 ? '' : ` For ${said.join(', ')}`
}

function code(value: unknown): string {
  const text = typeof value === 'string' ? String(shortened(value, value_chars)) : JSON.stringify(value)
  return `\`${cleanMarkdown(text.replaceAll('`', "'").replace(/\s+/g, ' '))}\``
}

function moment(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ')
}

function unitText(unit: string | undefined): string {
  return unit === 'Milliseconds' ? ' ms' : unit === 'Bytes' ? ' bytes' : unit === 'Percent' ? ' %' : ''
}
