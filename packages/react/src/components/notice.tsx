import type { AnyThreadEvent, NoticeItem } from '@parley/threads/client'
import { isKnownEvent } from '@parley/threads/protocol'
import type { Labels } from '../labels.js'
import { useThreadSettings } from './thread-context.js'
import { Time } from './time.js'

/** One line about something that happened. */
export function Notice({ item }: { item: NoticeItem }) {
  const { labels } = useThreadSettings()
  return (
    <p data-parley-notice={item.event.type}>
      <span>{wordsFor(item.event, labels)}</span> <Time iso={item.event.created_at} />
    </p>
  )
}

function wordsFor(event: AnyThreadEvent, labels: Labels): string {
  if (!isKnownEvent(event)) return labels.unknownEvent(event.type)
  const by = event.author.name || event.author.id
  switch (event.type) {
    case 'thread.created':
      return labels.threadCreated(by)
    case 'thread.member_added': {
      const { id, name } = event.member
      return id === event.author.id ? labels.memberJoined(by) : labels.memberAdded(name || id, by)
    }
    case 'thread.member_removed': {
      const { id, name } = event.member
      return id === event.author.id ? labels.memberLeft(by) : labels.memberRemoved(name || id, by)
    }
    case 'thread.tenant_changed':
      return labels.tenantChanged(by)
    case 'run.started':
      return labels.runStarted(by)
    case 'run.completed':
      return labels.runCompleted(by)
    case 'run.failed':
      return labels.runFailed(by, event.error.message)
    case 'run.cancelled':
      return labels.runCancelled(by)
    default:
      return labels.unknownEvent(event.type)
  }
}
