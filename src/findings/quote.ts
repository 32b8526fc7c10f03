/**
 * Log texts are hostile: what is pasted must be what it looks like. Each of these writes one value for one language;
 * control characters and those that reorder what is read become escapes or spaces.
 */

// Invisible and bidirectional characters.
const unseen = /[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g // oxlint-disable-line no-control-regex

/** One word of a POSIX shell, in single quotes. */
export function shell(value: string): string {
  return `'${value.replace(unseen, ' ').replaceAll("'", `'\\''`)}'`
}

/** Indented JSON. */
export function json(value: unknown): string {
  const escape = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
  // Within its strings; outside of them JSON has line feeds and spaces alone.
  return JSON.stringify(value, null, 2).replace(unseen, (char) => (char === '\n' ? char : escape(char)))
}

/** For a sentence: the text on one line, in quotes, at most a hundred characters. */
export function quoted(value: unknown): string {
  const one = String(value ?? '-').replace(unseen, ' ')
  return `"${one.length > 100 ? `${one.slice(0, 99)}…` : one}"`
}

/** `1 address`, `3 addresses`. */
export function counted(count: unknown, one: string, more = `${one}s`): string {
  return `${count === null ? 'some' : String(count)} ${count === 1 ? one : more}`
}

/** The address of an object store as the aws command takes it. */
export const awsOn = 'aws --endpoint-url "https://$REGION.digitaloceanspaces.com"'

/** `1.3 GB`, `41.4 MB`, of 10^9 and 10^6 bytes. */
export function sized(bytes: unknown): string {
  const units = [
    ['GB', 1e9],
    ['MB', 1e6],
    ['kB', 1e3],
  ] as const
  const [unit, size] = units.find(([, size]) => Number(bytes) >= size) ?? ['bytes', 1]
  return `${(Number(bytes) / size).toFixed(size === 1 ? 0 : 1)} ${unit}`
}
