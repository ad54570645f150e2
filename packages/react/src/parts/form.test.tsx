// @vitest-environment happy-dom
import { ThreadsClientError } from '@parley/threads/client'
import type { FormPart } from '@parley/threads/protocol'
import { fireEvent, screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { cleanUpAfterEach, renderThread } from '../render.test.support.js'
import { aForm, aMessage, ann, helper } from '../things.test.support.js'

cleanUpAfterEach()

const booking = {
  type: 'object',
  required: ['name', 'nights', 'room', 'extras'],
  properties: {
    name: { type: 'string', title: 'Your name', maxLength: 40, pattern: '^[A-Z]' },
    mail: { type: 'string', format: 'email', description: 'For the bill' },
    wishes: { type: 'string', maxLength: 1000 },
    nights: { type: 'integer', minimum: 1, maximum: 14, default: 2 },
    price: { type: 'number' },
    room: {
      type: 'string',
      oneOf: [
        { const: 's', title: 'Small' },
        { const: 'l', title: 'Large' },
      ],
    },
    floor: { enum: [1, 2] },
    breakfast: { type: 'boolean', default: true },
    extras: { type: 'array', minItems: 1, items: { type: 'string', enum: ['bike', 'boat'] } },
    when: { type: 'string', format: 'date' },
  },
}

const ask = (part: FormPart, author = helper) => aMessage([part], { author })
const show = (part: FormPart) => renderThread({ timeline: [ask(part)] })
const put = (label: RegExp, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } })
const submit = () => {
  const form = screen.getByRole('button', { name: 'Submit' }).closest('form')
  if (form) fireEvent.submit(form)
}

test('a flat schema becomes controls with hints', () => {
  show(aForm(booking, { description: 'Two minutes' }))

  expect(screen.getByRole('heading', { name: 'Booking' })).toBeDefined()
  expect(screen.getByText('Two minutes')).toBeDefined()
  const name = screen.getByLabelText<HTMLInputElement>(/Your name/)
  expect([name.required, name.maxLength]).toEqual([true, 40])
  // An expression of whoever asks never runs here.
  expect(name.hasAttribute('pattern')).toBe(false)
  expect(screen.getByText(/\^\[A-Z\]/)).toBeDefined()
  expect(screen.getByLabelText<HTMLInputElement>(/mail/).type).toBe('email')
  expect(screen.getByLabelText(/wishes/).tagName).toBe('TEXTAREA')
  const nights = screen.getByLabelText<HTMLInputElement>(/nights/)
  expect([nights.type, nights.min, nights.max, nights.step, nights.value]).toEqual([
    'number',
    '1',
    '14',
    '1',
    '2',
  ])
  expect(screen.getByLabelText<HTMLInputElement>(/breakfast/).checked).toBe(true)
  expect(screen.getByLabelText<HTMLInputElement>(/when/).type).toBe('date')
})

test('the answer has the types of the schema, and nothing for what was left empty', async () => {
  const { fake } = show(aForm(booking))
  put(/Your name/, 'Ann')
  put(/nights/, '3')
  put(/price/, '1.5')
  fireEvent.change(screen.getByLabelText(/room/), { target: { value: '1' } })
  fireEvent.change(screen.getByLabelText(/floor/), { target: { value: '0' } })
  fireEvent.click(screen.getByLabelText('boat'))
  submit()

  const values = {
    name: 'Ann',
    nights: 3,
    price: 1.5,
    room: 'l',
    floor: 1,
    breakfast: true,
    extras: ['boat'],
  }
  await waitFor(() => expect(fake.callsOf('answerForm')).toEqual([[expect.anything(), 'form_1', values]]))
})

test('too few ticked boxes are asked for; what the server refuses is said', async () => {
  const { fake } = show(aForm(booking))
  submit()
  expect(screen.getByRole('alert').textContent).toBe('Choose at least 1.')
  expect(fake.callsOf('answerForm')).toEqual([])

  fake.fail('answerForm', new ThreadsClientError('invalid_request', 'name: is too short'))
  fireEvent.click(screen.getByLabelText('bike'))
  submit()
  await waitFor(() => expect(screen.getByRole('alert').textContent).toBe('name: is too short'))
})

test('a form can be left unanswered', async () => {
  const { fake } = show(aForm(booking))
  fireEvent.click(screen.getByRole('button', { name: 'Do not answer' }))

  const answer = {
    type: 'form',
    form_id: 'form_1',
    schema: booking,
    status: 'cancelled',
    answers_event_id: 'evt_1',
  }
  await waitFor(() => expect(fake.callsOf('send')).toEqual([[[answer]]]))
})

test.each([
  { type: 'object', properties: { a: { type: 'object', properties: {} } } },
  { type: 'object', properties: { a: { type: 'array', items: { type: 'string' } } } },
  { type: 'object', properties: { a: true } },
  { type: 'object', properties: { a: { $ref: '#' } } },
  { type: 'object', properties: { a: { type: 'string' } }, allOf: [] },
  { type: 'array' },
  {},
])('a schema that no form can be drawn for is answered as JSON: %j', async (schema) => {
  const { fake } = show(aForm(schema))

  put(/JSON/, '[1]')
  submit()
  expect(screen.getByRole('alert').textContent).toBe('This is no JSON object.')

  put(/JSON/, '{"a": {"b": 1}}')
  submit()
  await waitFor(() => expect(fake.callsOf('answerForm')[0]?.[2]).toEqual({ a: { b: 1 } }))
})

test('an answered form shows the answer by its titles, and who gave it', () => {
  const values = { name: 'Ann', room: 'l', extras: ['bike', 'boat'], breakfast: false }
  const answered = aForm(booking, { status: 'submitted', values, answers_event_id: 'evt_1' })
  const answers = { form_1: aMessage([answered], { author: ann, seq: 2 }).event }
  const item = aMessage([aForm(booking)], { author: helper, answers })
  const { container } = renderThread({ timeline: [item] })

  expect(screen.getByText('Answered by Ann')).toBeDefined()
  expect([...container.querySelectorAll('dt')].map((one) => one.textContent)).toEqual([
    'Your name',
    'room',
    'extras',
    'breakfast',
  ])
  expect([...container.querySelectorAll('dd')].map((one) => one.textContent)).toEqual([
    'Ann',
    'Large',
    'bike, boat',
    'no',
  ])
  expect(container.querySelector('[data-parley-form=open]')).toBeNull()
})

test('a cancelled form says who did not answer, and an answer stands on its own', () => {
  const cancelled = aMessage([aForm({}, { status: 'cancelled' })], { author: ann, seq: 2 })
  renderThread({ timeline: [aMessage([aForm({})], { answers: { form_1: cancelled.event } }), cancelled] })

  expect(screen.getByText('Ann did not answer')).toBeDefined()
  expect(screen.getByText('Not answered')).toBeDefined()
})

test('whoever asks cannot answer, and names of forms hide nothing', () => {
  const own = aMessage([aForm(booking, { form_id: 'constructor' })], { author: ann })
  const { container } = renderThread({ timeline: [own] })

  expect(screen.getByText('Waiting for an answer.')).toBeDefined()
  expect(container.querySelector('form[data-parley-form]')).toBeNull()
})

test('a property may have any name', async () => {
  const properties = JSON.parse('{"__proto__": {"type": "string"}, "submit": {"type": "string"}}')
  const { fake } = show(aForm({ type: 'object', properties }))
  put(/__proto__/, 'a')
  put(/submit/, 'b')
  submit()

  await waitFor(() => expect(fake.callsOf('answerForm')).toHaveLength(1))
  expect(JSON.stringify(fake.callsOf('answerForm')[0]?.[2])).toBe('{"__proto__":"a","submit":"b"}')
})
