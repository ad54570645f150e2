import { useThreadSettings } from './thread-context.js'

/** Says why something did not work; nothing where there is no error. */
export function Failure({ error }: { error: unknown }) {
  const { labels } = useThreadSettings()
  if (error === undefined) return null
  return (
    <p role="alert" data-parley-error="">
      {labels.failed(error instanceof Error ? error.message : '')}
    </p>
  )
}
