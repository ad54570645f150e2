import type { PendingItem } from '@parley/threads/client'
import { useAction } from '../hooks/use-action.js'
import { Parts } from '../parts/parts.js'
import { Failure } from './failure.js'
import { useThreadSettings } from './thread-context.js'

/** A message of this client that is on its way, or did not arrive. */
export function Pending({ item }: { item: PendingItem }) {
  const { labels } = useThreadSettings()
  return (
    <article data-parley-message="user" data-parley-pending={item.error ? 'failed' : 'sending'}>
      <Parts content={item.content} />
      {item.error ? <NotSent item={item} /> : <p data-parley-sending="">{labels.sending}</p>}
    </article>
  )
}

function NotSent({ item }: { item: PendingItem }) {
  const { labels, actions } = useThreadSettings()
  // When it fails again, the item has the new error.
  const retry = useAction(() => actions.retry(item.clientId))
  return (
    <div data-parley-not-sent="">
      <p>{labels.notSent}</p>
      <Failure error={item.error} />
      <button type="button" data-parley-retry="" disabled={retry.isBusy} onClick={() => void retry.run()}>
        {labels.retry}
      </button>
      <button type="button" data-parley-discard="" onClick={() => actions.discard(item.clientId)}>
        {labels.discard}
      </button>
    </div>
  )
}
