import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { BackIcon } from './icons.js'

/** Back to a list. */
export function BackLink({
  to,
  children,
}: {
  to: '/handshakes' | '/threads' | '/webhooks' | '/sessions' | '/tenants' | '/simulator'
  children: ReactNode
}) {
  return (
    <Link
      to={to}
      className="mb-3 -ml-1.5 inline-flex min-h-8 items-center gap-1 rounded-md pr-2 text-sm text-soft hover:text-ink"
    >
      <BackIcon />
      {children}
    </Link>
  )
}
