import type { ReactNode } from 'react'

type FactProps = {
  name: string
  /** Takes two columns. */
  wide?: boolean
  children: ReactNode
}

/** One fact of a description list: its name, and what it is. */
export function Fact({ name, wide = false, children }: FactProps) {
  return (
    <div className={`min-w-0 ${wide ? 'col-span-2' : ''}`}>
      <dt className="hint mb-0.5">{name}</dt>
      <dd className="min-w-0 [overflow-wrap:anywhere]">{children}</dd>
    </div>
  )
}
