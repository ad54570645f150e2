import { expect, test } from 'vitest'
import type { Context } from '../../protocol/field.js'
import type { Provenance } from '../../protocol/provenance.js'
import { type ControlLike, groupControls } from './control.js'
import { checkbox, control } from './controls.test.support.js'
import { FormState } from './form-state.js'

function setUp(controls: ControlLike[] = [control({ name: 'a' }), control({ name: 'b' })]) {
  const marks = new Map<string, Provenance>()
  const announced: string[] = []
  const focus = { on: '' }
  const state = new FormState(groupControls(controls), {
    isFocused: ({ key }) => key === focus.on,
    announce: ({ key }) => announced.push(key),
    mark: ({ key }, by) => marks.set(key, by),
  })
  const [a] = controls as [ControlLike]
  const type = (text: string) => {
    a.value = text
    return state.userEdited(a.name)
  }
  return { state, marks, announced, focus, a, type }
}

const at = '2026-06-23T02:22:00.000000Z'

test('the first values say which fields are the user’s', () => {
  const { state, marks } = setUp([
    control({ name: 'a', value: 'x' }),
    control({ name: 'b' }),
    checkbox({ name: 'c' }),
  ])

  expect(state.start()).toEqual({ a: 'x', b: null, c: null })
  expect(Object.fromEntries(marks)).toEqual({ a: 'user', b: 'empty', c: 'empty' })
})

test('what the agent writes is shown, announced and marked', () => {
  const { state, marks, announced, a } = setUp()
  state.start()

  expect(state.agentWrote('a', 'x')).toBe('shown')
  expect([a.value, announced, marks.get('a')]).toEqual(['x', ['a'], 'ai'])
  expect(state.agentWrote('nowhere', 1)).toBe('unknown')
})

test('a value that both sides know is no edit', () => {
  const { state, type } = setUp()
  state.start()
  state.agentWrote('a', 'x')

  expect(state.userEdited('a')).toBeUndefined()
  expect(type('xy')).toEqual({ value: 'xy' })
  expect(type('xy')).toBeUndefined()
})

test('a field that the user changed is the user’s', () => {
  const { state, marks, a, type } = setUp()
  state.start()
  state.agentWrote('a', 'x')
  type('mine')

  expect(marks.get('a')).toBe('user_edit')
  expect(state.agentWrote('a', 'theirs')).toBe('kept')
  expect(a.value).toBe('mine')
})

test('a field that the user cleared is open again, but not while the user is in it', () => {
  const { state, focus, a, type } = setUp()
  state.start()
  state.agentWrote('a', 'x')
  focus.on = 'a'
  type('')

  expect(state.agentWrote('a', 'y')).toBe('kept')
  state.left('a')
  expect(state.agentWrote('a', 'y')).toBe('shown')
  expect(a.value).toBe('y')
})

test('a field that the user is in, but has not changed, may be filled', () => {
  const { state, focus } = setUp()
  state.start()
  focus.on = 'a'

  expect(state.agentWrote('a', 'x')).toBe('shown')
})

test('a value that the control can not hold is told', () => {
  const { state } = setUp([checkbox({ name: 'a', value: 'x' }), checkbox({ name: 'a', value: 'y' })])
  state.start()

  expect(state.agentWrote('a', ['x', 'z'])).toBe('unfit')
})

test('a reload fills the form again with everybody’s values', () => {
  const { state, marks, a } = setUp()
  const context: Context = {
    a: { value: 'agent', by: 'ai', at },
    b: { value: 'mine', by: 'user_edit', at },
    gone: { value: 1, by: 'ai', at },
  }

  expect(state.restore(context)).toEqual([])
  expect(a.value).toBe('agent')
  expect(Object.fromEntries(marks)).toEqual({ a: 'ai', b: 'user_edit' })
  expect(state.agentWrote('b', 'theirs')).toBe('kept')
})

test('a reload tells which values of the page the server does not know', () => {
  const { state, a } = setUp([control({ name: 'a', value: 'typed before' }), control({ name: 'b' })])
  const context: Context = { a: { value: null, by: 'empty', at }, b: { value: '', by: 'user', at } }

  expect(state.restore(context)).toEqual(['a'])
  expect(a.value).toBe('typed before')
})
