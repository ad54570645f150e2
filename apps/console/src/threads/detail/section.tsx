import { type ReactNode, useId } from 'react'

/** A named part of the panel; `action` stands beside its name. */
export function Section({
  title,
  action,
  children,
}: {
  title: string
  action?: ReactNode
  children: ReactNode
}) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="card min-w-0 text-sm">
      <header className="flex min-h-11 items-center justify-between gap-2 border-b border-line py-1 pr-2 pl-4">
        <h2 id={id} className="text-sm">
          {title}
        </h2>
        {action}
      </header>
      {children}
    </section>
  )
}
