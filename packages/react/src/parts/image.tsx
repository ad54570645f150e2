import type { ImagePart } from '@parley/threads/protocol'
import { useThreadSettings } from '../components/thread-context.js'
import { mediaUrl } from './urls.js'

/** A picture; it loads when it comes into view. */
export function Image({ part }: { part: ImagePart }) {
  const { labels } = useThreadSettings()
  const url = mediaUrl(part.url)
  const name = part.name || labels.image
  if (url === undefined) return <p data-parley-blocked="">{labels.blocked(name)}</p>
  return (
    <img
      data-parley-image=""
      src={url}
      alt={name}
      loading="lazy"
      decoding="async"
      referrerPolicy="no-referrer"
    />
  )
}
