/** As Elysia's `app.routes` tells it. */
export interface KnownRoute {
  method: string
  /** Such as `/metrics/query/:metric`. */
  path: string
}

/** Finds the methods that an address may be asked with; none where there is no such address. */
export function createMethodsOf(routes: () => readonly KnownRoute[]): (path: string) => string[] {
  let patterns: { pattern: RegExp; method: string; isExact: boolean }[] | null = null
  return (path) => {
    patterns ??= routes().map(({ method, path }) => ({
      pattern: patternOf(path),
      method,
      isExact: !/[:*]/.test(path),
    }))
    const matching = patterns.filter(({ pattern }) => pattern.test(path))
    // What is written out goes before what a name stands for.
    const exact = matching.filter(({ isExact }) => isExact)
    const found = new Set((exact.length > 0 ? exact : matching).map(({ method }) => method))
    if (found.has('GET')) found.add('HEAD')
    return [...found].toSorted()
  }
}

function patternOf(path: string): RegExp {
  const parts = path
    .split('/')
    .map((part) =>
      part.startsWith(':') ? '[^/]+' : part === '*' ? '.*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'),
    )
  return new RegExp(`^${parts.join('/')}/?$`)
}
