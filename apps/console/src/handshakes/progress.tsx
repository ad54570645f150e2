import type { Handshake } from './model/handshake.js'

/** "5 of 9 fields", how many of them by the agent, and the same as a bar. */
export function Progress({ handshake }: { handshake: Pick<Handshake, 'fields'> }) {
  const { total, filled, byAgent } = handshake.fields
  const percent = total === 0 ? 0 : Math.min(100, (filled / total) * 100)
  const agentShare = total === 0 ? 0 : Math.min(percent, (byAgent / total) * 100)
  return (
    <div>
      <p className="flex justify-between gap-3 text-sm tabular-nums">
        <span data-testid="progress">
          {filled} of {total} fields
        </span>
        {byAgent > 0 && <span className="hint">{byAgent} by agent</span>}
      </p>
      <div aria-hidden="true" className="mt-1.5 flex h-1.5 overflow-hidden rounded-full bg-line">
        <div className="bg-agent transition-[width] duration-500" style={{ width: `${agentShare}%` }} />
        <div
          className="bg-person transition-[width] duration-500"
          style={{ width: `${percent - agentShare}%` }}
        />
      </div>
    </div>
  )
}
