import type { TimelineItem } from '@parley/threads/client'
import { memo } from 'react'
import { useThreadSettings } from './thread-context.js'

/** One entry of the timeline, by the component for its kind. */
export const Item = memo(function Item({ item }: { item: TimelineItem }) {
  const { identityId } = useThreadSettings()
  return (
    <li
      data-parley-item={item.kind}
      data-parley-own={isOwn(item, identityId)}
      data-parley-type={typeOf(item)}
    >
      <Content item={item} />
    </li>
  )
})

function Content({ item }: { item: TimelineItem }) {
  const { Message, Pending, Streaming, Reasoning, Tool, Notice } = useThreadSettings().components
  switch (item.kind) {
    case 'message':
      return <Message item={item} />
    case 'pending':
      return <Pending item={item} />
    case 'streaming':
      return <Streaming item={item} />
    case 'reasoning':
      return <Reasoning item={item} />
    case 'tool':
      return <Tool item={item} />
    case 'notice':
      return <Notice item={item} />
  }
}

function isOwn(item: TimelineItem, identityId: string | undefined): boolean {
  return item.kind === 'pending' || (item.kind === 'message' && item.event.author.id === identityId)
}

function typeOf(item: TimelineItem): string | undefined {
  return item.kind === 'notice' ? item.event.type : undefined
}
