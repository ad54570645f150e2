import { Navigate } from '@tanstack/react-router'
import { pagesOf } from './planes.js'
import { useMe } from './session.js'

/** The start is the first plane that this server has. */
export function Home() {
  const me = useMe()
  const first = pagesOf(me.data?.planes ?? [])[0]
  return <Navigate to={first?.to ?? '/keys'} replace />
}
