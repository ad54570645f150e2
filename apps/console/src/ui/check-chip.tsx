import type { ReactNode } from 'react'

type CheckChipProps = { checked: boolean; onChange: (checked: boolean) => void; children: ReactNode }

/** A choice among several, of which any number may be made. */
export function CheckChip({ checked, onChange, children }: CheckChipProps) {
  return (
    <label className="inline-flex min-h-8 cursor-pointer items-center gap-2 rounded-full border border-line bg-surface px-3 text-sm text-soft hover:border-line-strong has-checked:border-accent has-checked:bg-accent-wash has-checked:text-accent has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent">
      <input
        type="checkbox"
        className="sr-only"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span aria-hidden="true" className="w-3 text-center text-xs">
        {checked ? '✓' : '+'}
      </span>
      {children}
    </label>
  )
}
