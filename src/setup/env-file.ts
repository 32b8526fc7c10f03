import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { InvalidError } from '../errors.ts'

/**
 * Sets variables in a file such as `.env`, and leaves all else in it as it is: a line that sets the variable, also one
 * that a `#` switches off, is replaced, and what has none is added. Written beside it and put in its place, mode 0600.
 * Throws InvalidError for a value that no such file can hold.
 */
export function setVariables(path: string, values: Readonly<Record<string, string>>): void {
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []
  for (const [name, value] of Object.entries(values)) {
    const setting = `${name}=${quoted(value)}`
    const at = lines.findIndex((line) => new RegExp(`^\\s*(export\\s+)?${name}\\s*=`).test(line))
    const off = at === -1 ? lines.findIndex((line) => new RegExp(`^\\s*#\\s*${name}=`).test(line)) : at
    if (off === -1) lines.splice(lines.at(-1) === '' ? -1 : lines.length, 0, setting)
    else lines[off] = setting
  }
  const text = lines.join('\n')
  const fresh = `${path}.new`
  writeFileSync(fresh, text.endsWith('\n') ? text : `${text}\n`, { mode: 0o600 })
  // The mode of `writeFileSync` counts for a new file alone.
  chmodSync(fresh, 0o600)
  renameSync(fresh, path)
}

// As Bun reads it: between ' or ` all is literal save $, which it expands also there unless a backslash stands before it.
function quoted(value: string): string {
  if (/^[\w./:@+,-]*$/.test(value)) return value
  const quote = ["'", '`'].find((sign) => !value.includes(sign))
  if (quote === undefined || /[\r\n]/.test(value))
    throw new InvalidError(
      'Cannot write a value with a line break, or with both kinds of quotes, to a settings file',
      'set it in the environment of SpaceWatch instead',
    )
  return quote + value.replaceAll('$', String.raw`\$`) + quote
}
