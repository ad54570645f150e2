import type { ReactNode } from 'react'

type Pages = { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage(): Promise<unknown> }

/** The end of a list whose older entries are read when they are asked for; `children` stand beside the button. */
export function LoadOlder({ pages, children }: { pages: Pages; children?: ReactNode }) {
  if (!pages.hasNextPage) return null
  return (
    <div className="mt-4 flex flex-wrap items-center justify-center gap-3">
      <button
        type="button"
        className="btn"
        disabled={pages.isFetchingNextPage}
        onClick={() => void pages.fetchNextPage()}
      >
        {pages.isFetchingNextPage ? 'Loading…' : 'Load older ones'}
      </button>
      {children}
    </div>
  )
}
