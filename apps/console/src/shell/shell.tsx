import { Navigate, Outlet, useRouterState } from '@tanstack/react-router'
import { type ReactNode, useEffect, useRef } from 'react'
import type { Me } from '../api/account.js'
import { isSignedOut } from '../api/problem.js'
import { ProblemNotice } from '../ui/problem-notice.js'
import { Account } from './account.js'
import { Brand } from './brand.js'
import { MobileMenu } from './mobile-menu.js'
import { Nav } from './nav.js'
import { useMe } from './session.js'

/** Everything behind the sign-in: navigation around the page. */
export function Shell() {
  const me = useMe()
  if (isSignedOut(me.error)) return <Navigate to="/sign-in" />
  if (me.data) return <Frame me={me.data} />
  if (me.isPending) return null
  return (
    <Centred>
      <ProblemNotice error={me.error} retry={() => void me.refetch()} />
    </Centred>
  )
}

function Frame({ me }: { me: Me }) {
  const main = useFocusOnNavigation()
  return (
    <div className="min-h-dvh md:grid md:grid-cols-[15rem_minmax(0,1fr)]">
      <a href="#main" className="btn fixed top-2 left-2 z-50 -translate-y-16 focus:translate-y-0">
        Skip to content
      </a>
      <aside className="sticky top-0 hidden h-dvh flex-col gap-4 border-r border-line bg-surface p-4 md:flex">
        <div className="px-2 pt-1">
          <Brand />
        </div>
        <div className="-m-1 min-h-0 flex-1 overflow-y-auto p-1">
          <Nav me={me} />
        </div>
        <Account me={me} />
      </aside>
      <div className="sticky top-0 z-30 flex h-14 items-center justify-between border-b border-line bg-surface px-4 md:hidden">
        <Brand />
        <MobileMenu me={me} />
      </div>
      <main
        id="main"
        ref={main}
        tabIndex={-1}
        className="mx-auto w-full max-w-6xl px-4 py-6 outline-none sm:px-6 md:px-10 md:py-9"
      >
        <Outlet />
      </main>
    </div>
  )
}

/** A page without navigation. */
export function Centred({ children }: { children: ReactNode }) {
  return <main className="mx-auto grid min-h-dvh w-full max-w-md content-center px-4 py-12">{children}</main>
}

/** Moves the focus to the new page, so that keyboard and screen reader start there; not on the first one. */
function useFocusOnNavigation() {
  const main = useRef<HTMLElement>(null)
  const path = useRouterState({ select: (state) => state.location.pathname })
  const shown = useRef(path)
  useEffect(() => {
    const before = shown.current
    shown.current = path
    // The start leads on by itself: that is nothing the person did.
    if (before === path || before === '/') return
    main.current?.focus({ preventScroll: true })
  }, [path])
  return main
}
