import { expect, it } from 'vitest'
import { fieldsOf, templateOf } from './agent-form.js'

it('reads back what it wrote', () => {
  const template = {
    id: 'x',
    name: 'Reviewer',
    spawn: { command: 'node', args: ['agent.js', '--title=a b'] },
    runtime: { provider: 'local', setup: 'npm ci' },
    env: { LOG: '1', EMPTY: '' },
  }
  const { id: _, ...expected } = template

  expect(templateOf(fieldsOf(template))).toEqual(expected)
})

it('says what is no variable', () => {
  expect(templateOf({ ...fieldsOf(undefined), env: 'A=1\nno value' })).toBe('“no value” is not NAME=value.')
})

it('is empty for a new one', () => {
  expect(fieldsOf(undefined)).toEqual({ name: '', command: '', args: '', env: '', setup: '', provider: '' })
})
