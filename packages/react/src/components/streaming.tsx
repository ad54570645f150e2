import type { StreamingItem } from '@parley/threads/client'
import { useThreadSettings } from './thread-context.js'

/** What an assistant is writing right now. */
export function Streaming({ item }: { item: StreamingItem }) {
  const { labels, components } = useThreadSettings()
  const text = <components.Text text={item.text} isStreaming />
  // Off and busy: nobody wants every token read aloud. The stored event is announced when it takes this place.
  const quiet = { 'aria-live': 'off', 'aria-busy': true } as const
  if (item.target === 'reasoning')
    return (
      <details data-parley-reasoning="" data-parley-streaming="" {...quiet}>
        <summary>{labels.reasoningNow}</summary>
        {text}
      </details>
    )
  const name = item.author.name || item.author.id
  return (
    <article
      data-parley-message={item.author.role}
      data-parley-streaming=""
      aria-label={labels.writing(name)}
      {...quiet}
    >
      <header data-parley-header="">
        <components.Author identity={item.author} />
      </header>
      {text}
    </article>
  )
}
