import type { AudioPart } from '@parley/threads/protocol'
import { useThreadSettings } from '../components/thread-context.js'
import { mediaUrl } from './urls.js'

/** Sound; nothing loads before somebody plays it. */
export function Audio({ part }: { part: AudioPart }) {
  const { labels } = useThreadSettings()
  const url = mediaUrl(part.url)
  const name = part.name || labels.audio
  if (url === undefined) return <p data-parley-blocked="">{labels.blocked(name)}</p>
  return (
    <figure data-parley-audio="">
      <figcaption>{name}</figcaption>
      {/* biome-ignore lint/a11y/useMediaCaption: parts carry no captions */}
      <audio controls preload="none" src={url} aria-label={name} />
    </figure>
  )
}
