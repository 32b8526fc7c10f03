import type { ComponentType } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { useKeyboard } from './keyboard.ts'
import { lazy } from './lazy.tsx'
import { place } from './location.ts'
import { pageAt } from './pages.ts'
import type { PagePath } from './pages.ts'
import { session } from './session.ts'
import { Shell } from './shell.tsx'
import { Loading } from './states.tsx'

const parts: Record<PagePath, ComponentType> = {
  '/findings': lazy(() => import('./findings/findings.tsx')),
  '/': lazy(() => import('./dashboard/dashboard.tsx')),
  '/cost': lazy(() => import('./cost/cost.tsx')),
  '/sql': lazy(() => import('./sql/console.tsx')),
  '/explain': lazy(() => import('./explain/explain.tsx')),
  '/chat': lazy(() => import('./chat/chat.tsx')),
  '/admin': lazy(() => import('./admin/mission-control.tsx')),
  '/connect': lazy(() => import('./connect/connect.tsx')),
}

/** The page of the address; whoever has not connected yet connects first. */
export function App() {
  const { path } = place.value
  const known = session.value
  const wanted = pageAt(path)?.path ?? '/'
  const shown = known?.kind === 'none' && wanted !== '/connect' ? '/connect' : wanted
  const Page = parts[shown]
  useKeyboard()
  const before = useRef(shown)
  useEffect(() => {
    document.title = `${pageAt(shown)?.name} · SpaceWatch`
    // A page that is changed without loading is not announced by itself.
    if (before.current !== shown) document.querySelector<HTMLElement>('#main')?.focus({ preventScroll: true })
    before.current = shown
  }, [shown])
  return <Shell path={shown}>{known === null ? <Loading height={400} /> : <Page key={shown} />}</Shell>
}
