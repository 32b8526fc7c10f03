import { InvalidError } from '../errors.ts'
import { loadSigma } from './load.ts'

/** `npm run sigma -- check PATH`: says of each rule the SQL that it becomes, or all that keeps it from that. */
function check(path: string): void {
  const { detections, refused } = loadSigma(path)
  for (const { file, rule, sql } of detections)
    console.log(`taken    ${file}: ${rule.title} (${rule.level})\n${indented(sql)}\n`)
  for (const { file, title, problems } of refused) {
    const reasons = problems.map(({ at, fact, remedy }) => `${at}: ${fact}; ${remedy}`)
    console.log(`refused  ${file}${title === null ? '' : `: ${title}`}\n${indented(reasons.join('\n'))}\n`)
  }
  console.log(`${detections.length} rules can be used, ${refused.length} cannot`)
  process.exitCode = refused.length === 0 ? 0 : 1
}

function indented(text: string): string {
  return text.replace(/^/gm, '         ')
}

const [, , command, path] = process.argv
try {
  if (command !== 'check' || path === undefined)
    throw new InvalidError('Cannot tell what to do', 'npm run sigma -- check RULE.yml, or a folder of rules')
  check(path)
} catch (error) {
  if (!(error instanceof InvalidError)) throw error
  console.error(`${error.message}: ${error.hint}`)
  process.exitCode = 2
}
