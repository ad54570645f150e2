import type { MessageItem } from '@parley/threads/client'
import { useState } from 'react'
import { useAction } from '../hooks/use-action.js'
import { Failure } from './failure.js'
import { useThreadSettings } from './thread-context.js'

/** What the author of a message can do with it. Removing asks once more. */
export function MessageActions({ item, onEdit }: { item: MessageItem; onEdit: () => void }) {
  const { labels, actions } = useThreadSettings()
  const [isAsking, setIsAsking] = useState(false)
  const remove = useAction(() => actions.remove(item.event.id))
  const hasText = item.content.some(({ type }) => type === 'text')

  if (!isAsking)
    return (
      <div data-parley-actions="">
        {hasText && (
          <button type="button" data-parley-edit="" onClick={onEdit}>
            {labels.edit}
          </button>
        )}
        <button type="button" data-parley-remove="" onClick={() => setIsAsking(true)}>
          {labels.remove}
        </button>
      </div>
    )
  return (
    <div data-parley-actions="">
      <span>{labels.confirmRemove}</span>
      <button type="button" data-parley-remove="" disabled={remove.isBusy} onClick={() => void remove.run()}>
        {labels.remove}
      </button>
      <button type="button" data-parley-keep="" disabled={remove.isBusy} onClick={() => setIsAsking(false)}>
        {labels.keep}
      </button>
      <Failure error={remove.error} />
    </div>
  )
}
