/** Grey rows while something is read. Screen readers hear the word. */
export function Loading({ rows = 3 }: { rows?: number }) {
  return (
    <div role="status" className="card divide-y divide-line">
      <span className="sr-only">Loading…</span>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are alike and never move
        <div key={row} className="flex items-center gap-4 px-5 py-4" aria-hidden="true">
          <div className="h-3 w-2/5 animate-pulse rounded bg-sunken" />
          <div className="h-3 w-1/5 animate-pulse rounded bg-sunken" />
        </div>
      ))}
    </div>
  )
}
