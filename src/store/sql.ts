/** A text literal. QuestDB knows no escapes but the doubled quote. */
export function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}

/** A timestamp literal from milliseconds since the epoch. */
export function timestamp(ms: number): string {
  return `'${new Date(ms).toISOString().replace('Z', '000Z')}'`
}

/** A list for `IN (...)`; an empty one matches nothing. */
export function list(values: readonly string[]): string {
  return values.length === 0 ? '(null)' : `(${values.map(text).join(', ')})`
}
