import { expect, test } from 'vitest'
import { fieldsOf } from './schema.js'
import { controlName, toLocalTime, valuesOf } from './values.js'

test('a time is local in its control and UTC in the answer', () => {
  const fields = fieldsOf({ properties: { at: { type: 'string', format: 'date-time' } } }) ?? []
  const local = toLocalTime('2026-04-01T10:00:00Z')
  const data = new FormData()
  data.set(controlName(0), local ?? '')

  expect(local).toMatch(/^2026-0[34]-\d\dT\d\d:\d\d$/)
  expect(valuesOf(fields, data)).toEqual({ at: '2026-04-01T10:00:00.000Z' })
  expect(toLocalTime('soon')).toBeUndefined()
})

test('choices keep their types, and a place that is not offered is nothing', () => {
  const fields = fieldsOf({ properties: { a: { enum: ['1', 1, true] }, b: { enum: ['x'] } } }) ?? []
  const data = new FormData()
  data.set(controlName(0), '1')
  data.set(controlName(1), '7')

  expect(valuesOf(fields, data)).toEqual({ a: 1 })
})

test('titles of choices come with the enum or with constants', () => {
  const of = (property: object) => fieldsOf({ properties: { a: property } })?.[0]

  expect(of({ enum: ['a', 'b'], enumNames: ['A'] })).toMatchObject({
    choices: [
      { value: 'a', title: 'A' },
      { value: 'b', title: 'b' },
    ],
  })
  expect(of({ anyOf: [{ const: 1, title: 'One' }] })).toMatchObject({ choices: [{ value: 1, title: 'One' }] })
  expect(of({ enum: [] })).toBeUndefined()
  expect(of({ enum: [null] })).toBeUndefined()
})

test('a form that nobody would fill is none', () => {
  const many = Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`f${at}`, { type: 'string' }]))
  expect(fieldsOf({ properties: many })).toBeUndefined()
})
