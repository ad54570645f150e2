import { useId } from 'react'
import { useThreadSettings } from '../components/thread-context.js'
import type { BooleanField, ChoiceField, ChoicesField, Field, NumberField, TextField } from './schema.js'
import { TextInput } from './text-input.js'
import { controlName } from './values.js'

/** A field with its words. What it checks is a help: the server decides. */
export function FieldInput({ field, index }: { field: Field; index: number }) {
  const { labels } = useThreadSettings()
  const id = useId()
  const hint = field.description || (field.kind === 'text' && field.pattern) ? `${id}-hint` : undefined
  const title = (
    <>
      {field.title}
      {field.isRequired && <span data-parley-required=""> ({labels.required})</span>}
    </>
  )
  return (
    <div data-parley-field={field.kind}>
      {field.kind === 'choices' ? (
        <fieldset aria-describedby={hint}>
          <legend>{title}</legend>
          <Checkboxes field={field} name={controlName(index)} />
        </fieldset>
      ) : (
        <>
          <label htmlFor={id}>{title}</label>
          <Control field={field} id={id} name={controlName(index)} hint={hint} />
        </>
      )}
      {hint && (
        <p id={hint} data-parley-hint="">
          {field.description} {field.kind === 'text' && field.pattern && labels.matches(field.pattern)}
        </p>
      )}
    </div>
  )
}

export type ControlProps<F> = { field: F; id: string; name: string; hint: string | undefined }

function Control({ field, ...rest }: ControlProps<Exclude<Field, ChoicesField>>) {
  switch (field.kind) {
    case 'text':
      return <TextInput field={field satisfies TextField} {...rest} />
    case 'number':
      return <NumberInput field={field} {...rest} />
    case 'boolean':
      return <Checkbox field={field} {...rest} />
    case 'choice':
      return <Select field={field} {...rest} />
  }
}

function NumberInput({ field, id, name, hint }: ControlProps<NumberField>) {
  return (
    <input
      id={id}
      name={name}
      type="number"
      aria-describedby={hint}
      required={field.isRequired}
      min={field.minimum}
      max={field.maximum}
      step={field.isInteger ? 1 : 'any'}
      defaultValue={field.initial}
    />
  )
}

// Not `required`: that would make it a box that has to be ticked.
function Checkbox({ field, id, name, hint }: ControlProps<BooleanField>) {
  return <input id={id} name={name} type="checkbox" aria-describedby={hint} defaultChecked={field.initial} />
}

function Select({ field, id, name, hint }: ControlProps<ChoiceField>) {
  const { labels } = useThreadSettings()
  const initial = field.choices.findIndex(({ value }) => value === field.initial)
  return (
    <select
      id={id}
      name={name}
      aria-describedby={hint}
      required={field.isRequired}
      defaultValue={initial < 0 ? '' : String(initial)}
    >
      <option value="">{labels.noChoice}</option>
      {field.choices.map(({ value, title }, place) => (
        <option key={String(value)} value={place}>
          {title}
        </option>
      ))}
    </select>
  )
}

function Checkboxes({ field, name }: { field: ChoicesField; name: string }) {
  return field.choices.map(({ value, title }, place) => (
    <label key={String(value)}>
      <input name={name} type="checkbox" value={place} defaultChecked={field.initial.includes(value)} />
      {title}
    </label>
  ))
}
