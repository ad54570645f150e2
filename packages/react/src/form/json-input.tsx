import type { JsonObject } from '@parley/threads/protocol'
import { useId } from 'react'
import { Json } from '../components/json.js'
import { useThreadSettings } from '../components/thread-context.js'

export const jsonName = 'json'

/** For answers that no form can be drawn for. */
export function JsonInput({ schema }: { schema: JsonObject }) {
  const { labels } = useThreadSettings()
  const id = useId()
  return (
    <div data-parley-field="json">
      <label htmlFor={id}>{labels.json}</label>
      <textarea id={id} name={jsonName} required defaultValue="{}" spellCheck={false} />
      <details>
        <summary>{labels.schema}</summary>
        <Json value={schema} />
      </details>
    </div>
  )
}
