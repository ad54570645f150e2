import { useThreadSettings, useThreadSnapshot } from './thread-context.js'

/** Who types now. */
export function Typing() {
  const { labels, nameOf } = useThreadSettings()
  const { typing } = useThreadSnapshot()
  return (
    <div role="status" data-parley-typing="">
      {typing.length > 0 && labels.typing(typing.map(nameOf))}
    </div>
  )
}
