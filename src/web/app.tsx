import { useEffect, useRef } from 'preact/hooks'
import { useKeyboard } from './keyboard.ts'
import { lazy } from './lazy.tsx'
import { place } from './location.ts'
import { session } from './session.ts'
import { Shell } from './shell.tsx'
import { Loading } from './states.tsx'

const pages = {
  '/': { title: 'Dashboard', Page: lazy(() => import('./dashboard/dashboard.tsx')) },
  '/sql': { title: 'SQL console', Page: lazy(() => import('./sql/console.tsx')) },
  '/chat': { title: 'Chat', Page: lazy(() => import('./chat/chat.tsx')) },
  '/admin': { title: 'Mission control', Page: lazy(() => import('./admin/mission-control.tsx')) },
  '/connect': { title: 'Connect', Page: lazy(() => import('./connect/connect.tsx')) },
}

/** The page of the address; whoever has not connected yet connects first. */
export function App() {
  const { path } = place.value
  const known = session.value
  const wanted = path in pages ? (path as keyof typeof pages) : '/'
  const shown = known?.kind === 'none' && wanted !== '/connect' ? '/connect' : wanted
  const { title, Page } = pages[shown]
  useKeyboard()
  const before = useRef(shown)
  useEffect(() => {
    document.title = `${title} · SpaceWatch`
    // A page that is changed without loading is not announced by itself.
    if (before.current !== shown) document.querySelector<HTMLElement>('#main')?.focus({ preventScroll: true })
    before.current = shown
  }, [shown])
  return <Shell path={shown}>{known === null ? <Loading height={400} /> : <Page key={shown} />}</Shell>
}
