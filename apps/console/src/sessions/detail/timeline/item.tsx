import type { TimelineItem } from '@parley/sessions/client'
import { memo } from 'react'
import { Blocks } from './blocks.js'
import { MessageText } from './message-text.js'
import { NoticeEntry } from './notice.js'
import { PendingEntry } from './pending.js'
import { PermissionEntry } from './permission.js'
import { PlanEntryList } from './plan.js'
import { ToolEntry } from './tool.js'
import { TurnEntry } from './turn.js'

type EntryProps = { item: TimelineItem; isStreaming: boolean }

/** One entry. Items never change, so that only what did is rendered again. */
export const EntryItem = memo(function EntryItem({ item, isStreaming }: EntryProps) {
  return (
    <li
      className="entry"
      data-entry={item.kind}
      data-key={item.key}
      data-streaming={isStreaming || undefined}
    >
      <Entry item={item} isStreaming={isStreaming} />
    </li>
  )
})

function Entry({ item, isStreaming }: EntryProps) {
  switch (item.kind) {
    case 'prompt':
      return (
        <div className="entry-prompt">
          <p className="whitespace-pre-wrap">{item.text}</p>
          <Blocks blocks={item.blocks} />
        </div>
      )
    case 'message':
      return (
        <div className="entry-message">
          <MessageText text={item.text} isStreaming={isStreaming} />
          <Blocks blocks={item.blocks} />
        </div>
      )
    case 'thought':
      return (
        <details className="entry-thought">
          <summary>{isStreaming ? 'Thinking…' : 'Thought'}</summary>
          <MessageText text={item.text} isStreaming={isStreaming} />
        </details>
      )
    case 'tool':
      return <ToolEntry item={item} />
    case 'plan':
      return <PlanEntryList item={item} />
    case 'permission':
      return <PermissionEntry item={item} />
    case 'turn':
      return <TurnEntry item={item} />
    case 'pending':
      return <PendingEntry item={item} />
    case 'error':
      return (
        <p role="alert" className="notice notice-danger whitespace-pre-wrap [overflow-wrap:anywhere]">
          {item.message}
        </p>
      )
    case 'notice':
      return <NoticeEntry item={item} />
  }
}
