import { expect, test } from 'vitest'
import { parseSchema } from '../../protocol/schema.js'
import { type ControlLike, groupControls, type LabelNode } from './control.js'
import { checkbox, control, option, radio, select } from './controls.test.support.js'
import { toSchemaField } from './field-of-group.js'

const fieldOf = (...controls: ControlLike[]) => groupControls(controls).map(toSchemaField)[0]
const text = (textContent: string): LabelNode => ({ textContent })

test.each([
  [control(), { type: 'string' }],
  [control({ tagName: 'TEXTAREA', type: 'textarea' }), { type: 'string' }],
  [control({ type: 'email', required: true }), { type: 'string', format: 'email', required: true }],
  [control({ type: 'number' }), { type: 'int' }],
  [control({ type: 'number', step: '0.01' }), { type: 'float' }],
  [control({ type: 'number', step: 'any' }), { type: 'float' }],
  [control({ type: 'number', min: '0.5', max: '3' }), { type: 'float', min: '0.5', max: '3' }],
  [control({ type: 'range', min: '1' }), { type: 'int', format: 'range', min: '1' }],
  [control({ type: 'date' }), { type: 'string', format: 'date', example: '2026-06-23' }],
  [
    control({ type: 'datetime-local' }),
    { type: 'datetime', format: 'datetime-local', example: '2026-06-23T13:45:00' },
  ],
  [checkbox(), { type: 'bool' }],
  [control({ placeholder: 'Jane' }), { type: 'string', example: 'Jane' }],
])('the control %j becomes the field %j', (each, field) => {
  expect(fieldOf(each)).toEqual({ key: 'k', ...field })
})

test('a select offers its choices, without the placeholder and what is disabled', () => {
  const size = select([
    option('', { text: 'Choose' }),
    option('s', { text: ' Small ' }),
    option('m', { text: 'm' }),
    option('x', { disabled: true }),
  ])
  expect(fieldOf(size)).toEqual({
    key: 'k',
    type: 'enum',
    options: [{ value: 's', label: 'Small' }, { value: 'm' }],
  })
})

test('a select of several, and checkboxes of one name, are lists', () => {
  const several = select([option('a')], { type: 'select-multiple' })
  expect(fieldOf(several)).toMatchObject({ type: 'array<string>', options: [{ value: 'a' }] })
  expect(fieldOf(checkbox({ value: 'a' }), checkbox({ value: 'b' }))).toMatchObject({
    type: 'array<string>',
    options: [{ value: 'a' }, { value: 'b' }],
  })
})

test('radios are a choice, named by the legend, each by its own label', () => {
  const fieldset = { querySelector: () => text('Pay by') }
  const closest = (selector: string) => (selector === 'fieldset' ? fieldset : null)
  const pay = (value: string, label: string) => radio(value, { closest, labels: [text(label)] })

  expect(fieldOf(pay('c', 'Card'), pay('i', 'Invoice'))).toEqual({
    key: 'k',
    type: 'enum',
    label: 'Pay by',
    options: [
      { value: 'c', label: 'Card' },
      { value: 'i', label: 'Invoice' },
    ],
  })
})

test('a label that wraps its control is read without the control’s own text', () => {
  const label: LabelNode = {
    textContent: 'Size Small Large',
    childNodes: [text(' Size\n  of it '), { nodeName: 'SELECT', textContent: 'Small Large' }],
  }
  expect(fieldOf(select([], { labels: [label] }))?.label).toBe('Size of it')
})

test('without a label, aria-label speaks', () => {
  const named = control({ labels: [], getAttribute: (name) => (name === 'aria-label' ? 'Search' : null) })
  expect(fieldOf(named)?.label).toBe('Search')
})

test('every field made here is one that a server takes', () => {
  const fields = groupControls([
    control({ name: 'a' }),
    control({ name: 'b', type: 'number', placeholder: '1' }),
    select([option('x')], { name: 'c' }),
    radio('y', { name: 'd' }),
    checkbox({ name: 'e' }),
  ]).map(toSchemaField)

  expect(parseSchema(fields).map(({ type }) => type)).toEqual(['string', 'int', 'enum', 'enum', 'bool'])
})
