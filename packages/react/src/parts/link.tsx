import type { ReactNode } from 'react'
import { linkUrl } from './urls.js'

/** A link that somebody else wrote; plain text where its address may not be opened. */
export function Link({ url, children }: { url: string; children: ReactNode }) {
  const href = linkUrl(url)
  if (href === undefined) return <span>{children}</span>
  return (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  )
}
