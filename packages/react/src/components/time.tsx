import { useThreadSettings } from './thread-context.js'

/** When something happened. */
export function Time({ iso }: { iso: string }) {
  const { labels } = useThreadSettings()
  return (
    <time data-parley-time="" dateTime={iso}>
      {labels.time(iso)}
    </time>
  )
}
