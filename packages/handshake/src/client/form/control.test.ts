import { describe, expect, test } from 'vitest'
import { groupControls, isSkipped } from './control.js'
import { checkbox, control, radio, select } from './controls.test.support.js'

describe('what an agent never sees', () => {
  test.each([
    control({ type: 'password' }),
    control({ type: 'file' }),
    control({ type: 'hidden' }),
    control({ type: 'submit' }),
    control({ tagName: 'BUTTON', type: 'button' }),
    control({ disabled: true }),
    control({ readOnly: true }),
    control({ autocomplete: 'cc-number' }),
    control({ autocomplete: 'section-pay billing CC-CSC' }),
    control({ autocomplete: 'one-time-code' }),
    control({ getAttribute: (name) => (name === 'data-handshake' ? 'off' : null) }),
    control({ closest: (selector) => (selector === '[data-handshake="off"]' ? {} : null) }),
  ])('%j', (each) => expect(isSkipped(each)).toBe(true))

  test('is told from ordinary controls', () => {
    expect(isSkipped(control({ autocomplete: 'street-address', closest: () => null }))).toBe(false)
    expect(isSkipped(select([]))).toBe(false)
  })
})

describe('grouping', () => {
  test('goes by name, else by id; a control without either is left out', () => {
    const groups = groupControls([
      control({ name: 'a' }),
      control({ name: '', id: 'b' }),
      control({ name: '' }),
    ])
    expect(groups.map(({ key }) => key)).toEqual(['a', 'b'])
  })

  test('joins radios and checkboxes of one name', () => {
    const groups = groupControls([
      radio('x', { name: 'r' }),
      radio('y', { name: 'r' }),
      checkbox({ name: 'one' }),
      checkbox({ name: 'many' }),
      checkbox({ name: 'many' }),
    ])

    expect(groups.map(({ key, kind, controls }) => [key, kind, controls.length])).toEqual([
      ['r', 'radios', 2],
      ['one', 'checkbox', 1],
      ['many', 'checks', 2],
    ])
  })

  test('keeps the first of two texts with one name', () => {
    const groups = groupControls([control({ value: 'first' }), control({ value: 'second' }), checkbox()])
    expect(groups.map(({ controls }) => controls.map(({ value }) => value))).toEqual([['first']])
  })

  test('leaves out names that are no keys', () => {
    expect(groupControls([control({ name: '__proto__' })])).toEqual([])
  })
})
