import type { ReasoningItem } from '@parley/threads/client'
import { useThreadSettings } from './thread-context.js'

/** What an assistant thought; closed until somebody wants to read it. */
export function Reasoning({ item }: { item: ReasoningItem }) {
  const { labels, components } = useThreadSettings()
  return (
    <details data-parley-reasoning="">
      <summary>{labels.reasoning}</summary>
      <components.Text text={item.event.content} />
    </details>
  )
}
