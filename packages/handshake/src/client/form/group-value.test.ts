import { describe, expect, test } from 'vitest'
import { type ControlGroup, type ControlLike, groupControls } from './control.js'
import { checkbox, control, option, radio, select } from './controls.test.support.js'
import { initialValue, readGroup, writeGroup } from './group-value.js'

const groupOf = (...controls: ControlLike[]) => groupControls(controls)[0] as ControlGroup

describe('the first value of a control is', () => {
  test.each<[string, ControlLike[], unknown]>([
    ['null for an empty text', [control({ defaultValue: '' })], null],
    ['the text it was filled with', [control({ value: 'x', defaultValue: 'x' })], 'x'],
    ['the text a browser put back', [control({ value: 'x', defaultValue: '' })], 'x'],
    ['null for an unticked box', [checkbox()], null],
    ['true for a box that is ticked', [checkbox({ checked: true, defaultChecked: true })], true],
    ['false for a box that was unticked', [checkbox({ defaultChecked: true })], false],
    ['null for radios without a choice', [radio('a'), radio('b')], null],
    ['the choice of radios', [radio('a'), radio('b', { checked: true })], 'b'],
    ['null for boxes without a tick', [checkbox({ value: 'a' }), checkbox({ value: 'b' })], null],
    ['the ticked boxes', [checkbox({ value: 'a', checked: true }), checkbox({ value: 'b' })], ['a']],
    ['null for a choice the browser made', [select([option('a', { selected: true }), option('b')])], null],
    ['the choice the page marked', [select([option('a', { selected: true, defaultSelected: true })])], 'a'],
    ['the choice the user made', [select([option('a'), option('b', { selected: true })])], 'b'],
    ['null for a placeholder', [select([option('', { selected: true, defaultSelected: true })])], null],
    ['null for a slider in the middle', [control({ type: 'range', value: '50', defaultValue: '' })], null],
    ['the place of a slider that was moved', [control({ type: 'range', value: '20', defaultValue: '' })], 20],
    [
      'null for the colour browsers make up',
      [control({ type: 'color', value: '#000000', defaultValue: '' })],
      null,
    ],
    ['a number', [control({ type: 'number', value: '1.5', defaultValue: '1.5' })], 1.5],
  ])('%s', (_name, controls, value) => expect(initialValue(groupOf(...controls))).toEqual(value))
})

describe('writing and reading back', () => {
  test.each<[string, ControlLike[], unknown, unknown]>([
    ['text', [control()], 'x', 'x'],
    ['text from a number', [control()], 5, '5'],
    ['text from null', [control({ value: 'old' })], null, ''],
    ['text from an object', [control()], { a: 1 }, '{"a":1}'],
    ['a number', [control({ type: 'number' })], 2.5, 2.5],
    ['no number', [control({ type: 'number', value: '3' })], null, null],
    ['a tick', [checkbox()], true, true],
    ['no tick', [checkbox({ checked: true })], false, false],
    ['radios', [radio('1'), radio('2', { checked: true })], 1, '1'],
    ['boxes', [checkbox({ value: 'a' }), checkbox({ value: 'b', checked: true })], ['a'], ['a']],
    ['a select', [select([option('a'), option('b')])], 'b', 'b'],
    [
      'a select of several',
      [select([option('a', { selected: true }), option('b')], { type: 'select-multiple' })],
      ['b'],
      ['b'],
    ],
    [
      'a local time',
      [control({ type: 'datetime-local' })],
      '2026-06-23 10:22:00.5+08:00',
      '2026-06-23T10:22:00',
    ],
  ])('%s', (_name, controls, written, read) => {
    const group = groupOf(...controls)

    expect(writeGroup(group, written)).toBe(true)
    expect(readGroup(group)).toEqual(read)
  })

  test('a local time that a browser shortens is read with its seconds', () => {
    expect(readGroup(groupOf(control({ type: 'datetime-local', value: '2026-06-23T10:22' })))).toBe(
      '2026-06-23T10:22:00',
    )
  })

  test.each<[string, ControlLike[], unknown]>([
    ['a choice that does not exist', [select([option('a')])], 'z'],
    ['a radio that does not exist', [radio('a')], 'z'],
    ['boxes that do not exist', [checkbox({ value: 'a' }), checkbox({ value: 'b' })], ['a', 'z']],
    ['what the browser throws away', [onlyDates()], 'tomorrow'],
  ])('%s is reported', (_name, controls, value) => {
    expect(writeGroup(groupOf(...controls), value)).toBe(false)
  })

  test('goes past a value that a framework shadows on the element', () => {
    let real = ''
    const element = Object.create({
      get value() {
        return real
      },
      set value(text: string) {
        real = text
      },
    })
    Object.assign(element, { tagName: 'INPUT', type: 'text', name: 'k', id: '' })
    const shadow = {
      get: () => real,
      set: () => expect.unreachable('the framework would think it wrote this itself'),
    }
    Object.defineProperty(element, 'value', shadow)

    writeGroup(groupOf(element), 'x')

    expect(real).toBe('x')
  })
})

/** A control that drops what is no date, as browsers do. */
function onlyDates(): ControlLike {
  let value = ''
  return Object.defineProperty(control({ type: 'date' }), 'value', {
    get: () => value,
    set: (text: string) => {
      value = /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : ''
    },
  })
}
