import { Link } from '@tanstack/react-router'
import { BackIcon } from '../../ui/icons.js'

/** Back to the list. */
export function BackLink() {
  return (
    <Link
      to="/handshakes"
      className="mb-3 -ml-1.5 inline-flex min-h-8 items-center gap-1 rounded-md pr-2 text-sm text-soft hover:text-ink"
    >
      <BackIcon />
      Handshakes
    </Link>
  )
}
