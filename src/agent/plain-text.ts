// Controls, and what shows as nothing or turns the text around: zero width, bidi, tags, variation selectors.
const invisible = /(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Variation_Selector}]/gu

/** The text without characters that hide something from who reads it. */
export function visible(text: string): string {
  return text.toWellFormed().replace(invisible, '')
}

/** A value as it may stand in what a model reads: texts visible and at most `chars` long, at any depth. */
export function shortened(value: unknown, chars: number): unknown {
  if (typeof value === 'string') {
    const clean = visible(value)
    return clean.length > chars ? `${clean.slice(0, chars)}…` : clean
  }
  if (Array.isArray(value)) return value.map((one) => shortened(one, chars))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shortened(one, chars)]))
}
