import type { By } from './model/handshake.js'

const marks: Record<By, { text: string; className: string }> = {
  ai: { text: 'Agent', className: 'badge-agent' },
  agent: { text: 'Agent', className: 'badge-agent' },
  user: { text: 'User', className: 'badge-person' },
  user_edit: { text: 'User edit', className: 'badge-edited' },
  empty: { text: 'Empty', className: '' },
}

/** Who wrote the value of a field. */
export function ByBadge({ by }: { by: By }) {
  const { text, className } = marks[by]
  return (
    <span data-testid="by" data-by={by} className={`badge ${className}`}>
      {text}
    </span>
  )
}
