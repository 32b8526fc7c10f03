import type { ChatAnswer, Evidence } from './answers.ts'
import { cleanMarkdown } from './markdown.ts'
import { shortened } from './plain-text.ts'
import { prove } from './proof.ts'

/**
 * Puts an answer together from what the model said last and from what its calls found. `note` is what the server says
 * itself: its figures are its own and are not looked for.
 */
export function composeAnswer({
  text,
  note,
  message,
  ...rest
}: Omit<ChatAnswer, 'answer' | 'basis' | 'proof' | 'coverage' | 'tool_used' | 'bucket_used'> & {
  text: string
  note: string
  message: string
  bucket: string | undefined
}): ChatAnswer {
  const { bucket, ...answer } = rest
  const { evidence } = answer
  const proven = prove(cleanMarkdown(text).trim(), { evidence, said: message })
  const named = evidence.findLast((one) => typeof one.arguments['bucket'] === 'string')?.arguments['bucket']
  return {
    answer: [proven.text, note].filter(Boolean).join('\n\n'),
    basis: evidence.map(basisOf).join('\n') || 'nothing was looked up',
    proof: proven.proof,
    ...answer,
    coverage: evidence.findLast((one) => one.coverage !== null)?.coverage ?? null,
    tool_used: evidence.at(-1)?.tool ?? null,
    bucket_used: typeof named === 'string' ? named : (bucket ?? null),
  }
}

const windowNames = new Set(['from', 'to', 'step', 'limit', 'cursor', 'sql'])

function basisOf({ id, tool, arguments: given, row_count, truncated, coverage }: Evidence): string {
  const filters = Object.entries(given).filter(([name]) => !windowNames.has(name))
  const said = filters.map(([name, value]) => `${name} ${JSON.stringify(shortened(value, 80))}`)
  const parts = [
    `${row_count} ${row_count === 1 ? 'row' : 'rows'}${truncated ? ', cut: there are more' : ''}`,
  ]
  if (said.length > 0) parts.push(said.join(', '))
  if (coverage) {
    const { window, newest_event, objects_pending, lines_refused, objects_refused } = coverage
    parts.push(`window ${window.from} to ${window.to}`, `newest event ${newest_event ?? 'none'}`)
    if (objects_pending > 0) parts.push(`${objects_pending} log objects still to be read`)
    if (lines_refused > 0) parts.push(`${lines_refused} lines refused`)
    if (objects_refused > 0) parts.push(`${objects_refused} log objects not read to their end`)
  }
  return `${id} ${tool}: ${parts.join('; ')}`
}
