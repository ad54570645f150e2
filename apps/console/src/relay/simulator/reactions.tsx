import type { SimMessage } from '@parley/relay/protocol'

/** Who reacted to a message, and how. */
export function Reactions({ message, nameOf }: { message: SimMessage; nameOf: (by: string) => string }) {
  const emojis = [...new Set(message.reactions.map(({ emoji }) => emoji))]
  if (emojis.length === 0) return null
  return (
    <ul aria-label="Reactions" className="mt-1 flex flex-wrap gap-1">
      {emojis.map((emoji) => {
        const by = message.reactions.filter((one) => one.emoji === emoji).map((one) => nameOf(one.by))
        return (
          <li key={emoji} data-testid="reaction" className="badge" title={by.join(', ')}>
            {emoji}
            {by.length > 1 && <span className="tabular-nums">{by.length}</span>}
            <span className="sr-only">by {by.join(', ')}</span>
          </li>
        )
      })}
    </ul>
  )
}
