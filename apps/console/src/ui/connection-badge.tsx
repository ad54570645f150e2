import type { Connection } from '../live/follow-source.js'

const words: Record<Connection, { text: string; className: string; dot: string }> = {
  connecting: { text: 'Connecting…', className: 'badge', dot: 'bg-line-strong' },
  open: { text: 'Live', className: 'badge badge-accent', dot: 'bg-accent animate-pulse-dot' },
  lost: { text: 'Reconnecting…', className: 'badge badge-edited', dot: 'bg-edited' },
}

/** Whether what is shown is live. `detail` replaces the word while the connection is open. */
export function ConnectionBadge({ connection, detail }: { connection: Connection; detail?: string }) {
  const { text, className, dot } = words[connection]
  return (
    <span role="status" data-testid="connection" data-connection={connection} className={className}>
      <span aria-hidden="true" className={`size-1.5 rounded-full ${dot}`} />
      {connection === 'open' && detail ? detail : text}
    </span>
  )
}
