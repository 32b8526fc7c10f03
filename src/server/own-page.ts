const elsewhere = new Set(['cross-site', 'same-site'])

/** Whether a browser says that a page of another site asks, be it by a link or by a script; what is typed in comes from none. */
export function comesFromOtherSite(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site')
  return site === null ? comesFromOwnPage(request) === false : elsewhere.has(site)
}

/**
 * Whether a request comes from a page of SpaceWatch's own, as the browser says; null where nothing says so, as with
 * programs that are no browser. https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
 */
export function comesFromOwnPage({ headers, url }: Request): boolean | null {
  const site = headers.get('sec-fetch-site')
  if (site !== null) return site === 'same-origin'
  // Browsers leave it out where the page came by plain http from another machine.
  const origin = headers.get('origin')
  if (origin === null) return null
  const own = URL.parse(url)?.host
  return own !== undefined && URL.parse(origin)?.host === own
}
