import type { ReactNode } from 'react'

/** What stands where nothing is yet: a sentence, and the way to the first thing. */
export function EmptyState({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="card px-6 py-12 text-center">
      <p className="font-medium">{title}</p>
      {children && (
        <div className="mx-auto mt-1.5 max-w-[46ch] text-balance text-sm text-soft">{children}</div>
      )}
    </div>
  )
}
