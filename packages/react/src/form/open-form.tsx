import type { MessageItem } from '@parley/threads/client'
import { type FormPart, isJsonObject, type JsonObject } from '@parley/threads/protocol'
import { type FormEvent, useMemo, useState } from 'react'
import { Failure } from '../components/failure.js'
import { useThreadSettings } from '../components/thread-context.js'
import { useAction } from '../hooks/use-action.js'
import { FieldInput } from './field-input.js'
import { JsonInput, jsonName } from './json-input.js'
import { type Field, fieldsOf } from './schema.js'
import { controlName, valuesOf } from './values.js'

/** A form that nobody has answered, to be filled in. The first answer counts; the server refuses a second. */
export function OpenForm({ part, item }: { part: FormPart; item: MessageItem }) {
  const { labels, actions } = useThreadSettings()
  const fields = useMemo(() => fieldsOf(part.schema), [part.schema])
  const [hint, setHint] = useState<string | undefined>(undefined)
  const submit = useAction((values: JsonObject) => actions.answerForm(item, part.form_id, values))
  const cancel = useAction(() => actions.send([cancelled(part, item)]))
  const isBusy = submit.isBusy || cancel.isBusy

  const answer = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const values = fields ? valuesOf(fields, data) : parsed(data.get(jsonName))
    const count = fields && missing(fields, data)
    setHint(values ? (count === undefined ? undefined : labels.chooseSome(count)) : labels.notJson)
    if (values && count === undefined) void submit.run(values)
  }

  return (
    <form data-parley-form="open" onSubmit={answer}>
      {fields ? (
        // biome-ignore lint/suspicious/noArrayIndexKey: the control of a field is named by its place
        fields.map((field, index) => <FieldInput key={index} field={field} index={index} />)
      ) : (
        <JsonInput schema={part.schema} />
      )}
      {hint && (
        <p role="alert" data-parley-error="">
          {hint}
        </p>
      )}
      <Failure error={submit.error ?? cancel.error} />
      <button type="submit" data-parley-submit="" disabled={isBusy}>
        {labels.submit}
      </button>
      <button type="button" data-parley-cancel="" disabled={isBusy} onClick={() => void cancel.run()}>
        {labels.cancelForm}
      </button>
    </form>
  )
}

function cancelled({ form_id, schema }: FormPart, { event }: MessageItem): FormPart {
  return { type: 'form', form_id, schema, status: 'cancelled', answers_event_id: event.id }
}

// No browser can demand that some of several boxes are ticked.
function missing(fields: readonly Field[], data: FormData): number | undefined {
  const short = fields.find((field, index) => {
    const count = data.getAll(controlName(index)).length
    return field.kind === 'choices' && count < field.minItems && (field.isRequired || count > 0)
  })
  return short?.kind === 'choices' ? short.minItems : undefined
}

function parsed(text: unknown): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(String(text))
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
