/** A text literal. QuestDB knows no escapes but the doubled quote. */
export function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}

/** A timestamp literal from milliseconds since the epoch. */
export function timestamp(ms: number): string {
  return `'${new Date(ms).toISOString().replace('Z', '000Z')}'`
}

/** A list for `IN (...)`; write `false` in place of an empty one, as QuestDB lets `IN (null)` match. */
export function list(values: readonly string[]): string {
  return `(${values.map(text).join(', ')})`
}
