import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { Loading } from './states.tsx'

/** A page that is loaded when it is shown for the first time. */
export function lazy(load: () => Promise<{ default: ComponentType }>): ComponentType {
  let loaded: ComponentType | null = null
  return function Lazy() {
    const [Page, setPage] = useState<{ of: ComponentType } | null>(loaded && { of: loaded })
    const [failed, setFailed] = useState(false)
    useEffect(() => {
      if (Page) return
      load().then(
        (part) => {
          loaded = part.default
          setPage({ of: part.default })
        },
        () => setFailed(true),
      )
    }, [])
    if (failed) {
      return (
        <div class="state state-bad" role="alert">
          <strong>This part of the page did not load</strong>
          <p>
            SpaceWatch may have been updated.{' '}
            <a href={location.href} target="_self">
              Load the page again
            </a>
          </p>
        </div>
      )
    }
    return Page ? <Page.of /> : <Loading height={320} />
  }
}
