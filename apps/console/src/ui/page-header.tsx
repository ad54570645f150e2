import { type ReactNode, useEffect } from 'react'

/** Heading of a page and of its browser tab; `children` are its actions. */
export function PageHeader({
  title,
  lead,
  children,
}: {
  title: string
  lead?: string
  children?: ReactNode
}) {
  useTitle(title)
  return (
    <header className="mb-6 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        <h1 className="[overflow-wrap:anywhere]">{title}</h1>
        {lead && <p className="mt-1 max-w-[60ch] text-sm text-soft [overflow-wrap:anywhere]">{lead}</p>}
      </div>
      {children}
    </header>
  )
}

/** Names the browser tab. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Parley`
  }, [title])
}
