import type { ThreadSnapshot } from '@parley/threads/client'
import type { Labels } from '../labels.js'
import { useThreadSettings, useThreadSnapshot } from './thread-context.js'

/** Says when the thread is not live, and why. */
export function Status() {
  const { labels } = useThreadSettings()
  const snapshot = useThreadSnapshot()
  // It stays in the page when it says nothing: readers of screens speak what changes in it.
  return (
    <div role="status" data-parley-status={snapshot.status}>
      {wordsFor(snapshot, labels)}
    </div>
  )
}

function wordsFor({ status, error }: ThreadSnapshot, labels: Labels): string {
  switch (status) {
    case 'loading':
      return labels.loading
    case 'reconnecting':
      return labels.reconnecting
    case 'gone':
      return labels.gone
    case 'refused':
      return labels.refused(labels.failed(error?.message ?? ''))
    case 'live':
      return ''
  }
}
