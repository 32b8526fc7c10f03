import { functions } from '../../src/gate/functions.ts'
import { views } from '../../src/gate/views.ts'

const stored = [...new Set(views.map(({ table }) => table))].join('|')
const syntax = new Set(
  'select from join where and or not in on by as over case when then else union all except intersect fill timestamp between like ilike limit partition order group asof lt splice cross inner left right full outer cast is distinct sample with end interval'.split(
    ' ',
  ),
)

/**
 * What is wrong with SQL that is to go to QuestDB for one source, by reading it from left to right and knowing nothing
 * of the gate: only scoped tables, only allowed calls, no second statement, no comment. Null: nothing.
 */
export function audit(sql: string, source: string): string | null {
  // Texts and quoted names are cut out first, the source's own name kept.
  const code = sql.replace(/'((?:[^']|'')*)'|"[^"]*"/g, (all, text) =>
    text === source ? '§' : all.startsWith("'") ? "''" : 'quoted',
  )
  const odd = /[;@$#\\`[\]{}?'"]|--|\/\*/.exec(code.replaceAll("''", ''))
  if (odd) return `it holds ${odd[0]}`
  const scoped = code.replace(
    new RegExp(`FROM (${stored}) WHERE source IN \\(§\\) AND ts >= '' AND ts < ''`, 'g'),
    'FROM (',
  )
  const from = /\b(FROM|JOIN)\s+(?!\(|long_sequence\(1\))(?!\w+\)? *[,)]?$)(\S+)/gi
  for (const [found, , name = ''] of scoped.replace(/extract\(\w+ FROM /g, 'extract(').matchAll(from)) {
    // SAMPLE BY 1h FROM '2026' TO now().
    if (!/^('|now\(|dateadd\(|date_trunc\()/.test(name)) return `it reads ${found}`
  }
  if (/\b(FROM|JOIN)\s*$/i.test(scoped)) return 'it reads nothing'
  for (const [, name = ''] of code
    .replaceAll('long_sequence(1)', '')
    .matchAll(/([\p{L}_][\p{L}\w]*)\s*\(/gu)) {
    const word = name.toLowerCase()
    if (!functions.has(word) && !syntax.has(word) && word !== 'quoted') return `it calls ${name}`
  }
  return null
}
