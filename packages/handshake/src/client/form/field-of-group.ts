import type { SchemaField } from '../../protocol/field.js'
import type { ControlGroup, ControlLike } from './control.js'
import { labelOf, labelOfGroup } from './label.js'

/** The definition of a field, as the form's controls declare it. */
export function toSchemaField(group: ControlGroup): SchemaField {
  const [first] = group.controls
  const label = labelOfGroup(group)
  const options = optionsOf(group)
  const example = exampleOf(first)
  return {
    key: group.key,
    type: typeOf(group),
    ...(label && { label }),
    ...(group.controls.some((control) => control.required) && { required: true }),
    ...(options && { options }),
    ...(example && { example }),
    ...boundsOf(first),
  }
}

function typeOf({ kind, controls }: ControlGroup): string {
  if (kind === 'number') return isWhole(controls[0]) ? 'int' : 'float'
  return types[kind]
}

const types = {
  text: 'string',
  datetime: 'datetime',
  checkbox: 'bool',
  checks: 'array<string>',
  radios: 'enum',
  select: 'enum',
  selects: 'array<string>',
} as const

// Without a step, a browser takes whole numbers only; `any` and fractions allow more.
function isWhole(control: ControlLike | undefined): boolean {
  return [control?.step || '1', control?.min || '0'].every((text) => Number.isInteger(Number(text)))
}

function optionsOf({ kind, controls }: ControlGroup): SchemaField['options'] {
  if (kind === 'radios' || kind === 'checks') {
    return controls.map((control) => withLabel(control.value, labelOf(control)))
  }
  if (kind !== 'select' && kind !== 'selects') return undefined
  const options = Array.from(controls[0]?.options ?? []).filter(({ value, disabled }) => value && !disabled)
  return options.map(({ value, text }) => withLabel(value, text.trim()))
}

function withLabel(value: string, label: string | undefined) {
  return label && label !== value ? { value, label } : { value }
}

const formats: Record<string, string> = {
  date: '2026-06-23',
  time: '13:45',
  month: '2026-06',
  week: '2026-W26',
  color: '#3366ff',
  'datetime-local': '2026-06-23T13:45:00',
}

function exampleOf(control: ControlLike | undefined): string | undefined {
  return formats[control?.type ?? ''] ?? (control?.placeholder || undefined)
}

const plainTypes = new Set([
  'text',
  'textarea',
  'number',
  'checkbox',
  'radio',
  'select-one',
  'select-multiple',
])

/** Members of our own, for agents that can use them: the kind of text and its bounds. */
function boundsOf(control: ControlLike | undefined): Record<string, string> {
  if (!control) return {}
  const { type, min, max } = control
  return { ...(!plainTypes.has(type) && { format: type }), ...(min && { min }), ...(max && { max }) }
}
