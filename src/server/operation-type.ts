/** A short name for what a request does, from its route: `/metrics/query/:metric` is `metrics.query`. */
export function operationType(route: string): string {
  const words = route.split('/').filter((word) => word !== '' && !/^[:*]/.test(word))
  return words.join('.') || (route === '' ? 'unknown' : 'page')
}
