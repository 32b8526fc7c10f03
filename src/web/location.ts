import { signal } from '@preact/signals'
import { pageAt } from './pages.ts'

/** Where the page is; follows the browser's back and forward. */
export const place = signal({ path: location.pathname, search: location.search })

addEventListener('popstate', () => {
  place.value = { path: location.pathname, search: location.search }
})

/** Goes to an address of ours; `replace` leaves no entry to come back to. */
export function navigate(address: string, { replace = false } = {}): void {
  const url = new URL(address, location.href)
  const same = url.pathname === location.pathname && url.search === location.search
  if (!same) history[replace ? 'replaceState' : 'pushState'](null, '', url)
  if (url.pathname !== place.value.path) scrollTo(0, 0)
  place.value = { path: url.pathname, search: url.search }
}

/** Follows links to our own pages without loading them anew. */
export function followLinks(): void {
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey
    if (!link || !plain || event.defaultPrevented || link.target || link.download) return
    const url = new URL(link.href, location.href)
    if (url.origin !== location.origin || !pageAt(url.pathname) || url.hash) return
    event.preventDefault()
    navigate(url.href)
  })
}
