import { isJsonObject, type JsonObject } from '@parley/threads/protocol'
import { Json } from '../components/json.js'
import { useThreadSettings } from '../components/thread-context.js'
import type { Labels } from '../labels.js'
import { type Field, fieldsOf } from './schema.js'

/** An answer, by the titles of its form where that has some. */
export function FormValues({ schema, values }: { schema: JsonObject; values: unknown }) {
  const { labels } = useThreadSettings()
  if (!isJsonObject(values)) return null
  const fields = new Map(fieldsOf(schema)?.map((field) => [field.name, field]))
  return (
    <dl data-parley-values="">
      {Object.entries(values).map(([name, value]) => (
        <div key={name}>
          <dt>{fields.get(name)?.title ?? name}</dt>
          <dd>{shown(value, fields.get(name), labels)}</dd>
        </div>
      ))}
    </dl>
  )
}

function shown(value: unknown, field: Field | undefined, labels: Labels) {
  if (Array.isArray(value) && field?.kind === 'choices')
    return value.map((one) => titleOf(one, field)).join(', ')
  if (typeof value === 'boolean' && field?.kind === 'boolean') return value ? labels.yes : labels.no
  if (typeof value === 'object' || typeof value === 'boolean') return <Json value={value} />
  return titleOf(value, field)
}

function titleOf(value: unknown, field: Field | undefined): string {
  const choices = field?.kind === 'choice' || field?.kind === 'choices' ? field.choices : []
  return choices.find((choice) => choice.value === value)?.title ?? String(value)
}
