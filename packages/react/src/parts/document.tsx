import type { DocumentPart } from '@parley/threads/protocol'
import { useThreadSettings } from '../components/thread-context.js'
import { Link } from './link.js'
import { mediaUrl } from './urls.js'

/** A file that can be opened. */
export function Document({ part }: { part: DocumentPart }) {
  const { labels } = useThreadSettings()
  const url = mediaUrl(part.url)
  const name = part.name || labels.document
  if (url === undefined) return <p data-parley-blocked="">{labels.blocked(name)}</p>
  return (
    <p data-parley-document={part.mime}>
      <Link url={url}>{name}</Link>
      {typeof part.size === 'number' && <span data-parley-size=""> {labels.bytes(part.size)}</span>}
    </p>
  )
}
