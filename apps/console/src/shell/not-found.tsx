import { Link } from '@tanstack/react-router'
import { EmptyState } from '../ui/empty-state.js'
import { useTitle } from '../ui/page-header.js'

/** For an address that leads nowhere. */
export function NotFound() {
  useTitle('Not found')
  return (
    <EmptyState title="There is no such page.">
      <Link to="/" className="link">
        Back to the start
      </Link>
    </EmptyState>
  )
}
