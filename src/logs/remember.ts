/** `make`, remembering up to `limit` of its answers: for texts of which a log repeats few. */
export function remember<T>(make: (text: string) => T, limit = 500): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    const answer = known.get(text)
    if (answer !== undefined) return answer
    if (known.size >= limit) known.clear()
    // A copy, as a slice keeps the text alive that it was cut from.
    const copy = Buffer.from(text).toString()
    const made = make(copy)
    known.set(copy, made)
    return made
  }
}
