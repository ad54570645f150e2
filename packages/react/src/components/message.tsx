import type { MessageItem } from '@parley/threads/client'
import { useState } from 'react'
import { Parts } from '../parts/parts.js'
import { MessageActions } from './message-actions.js'
import { MessageEditor } from './message-editor.js'
import { useThreadSettings } from './thread-context.js'
import { Time } from './time.js'

/** A message that is stored. Its author can change it and take it back. */
export function Message({ item }: { item: MessageItem }) {
  const { labels, components, identityId, nameOf } = useThreadSettings()
  const [isEditing, setIsEditing] = useState(false)
  const { author, recipients, created_at } = item.event
  const canChange = author.id === identityId && !item.isDeleted
  return (
    <article data-parley-message={author.role}>
      <header data-parley-header="">
        <components.Author identity={author} />
        <Time iso={created_at} />
        {recipients && <span data-parley-recipients="">{labels.recipients(recipients.map(nameOf))}</span>}
        {item.isEdited && !item.isDeleted && <span data-parley-edited="">{labels.edited}</span>}
      </header>
      {item.isDeleted && <p data-parley-deleted="">{labels.deleted}</p>}
      {isEditing && canChange ? (
        <MessageEditor item={item} onDone={() => setIsEditing(false)} />
      ) : (
        <Parts content={item.content} item={item} />
      )}
      {canChange && !isEditing && <MessageActions item={item} onEdit={() => setIsEditing(true)} />}
    </article>
  )
}
