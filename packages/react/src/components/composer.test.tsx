// @vitest-environment happy-dom
import { act, fireEvent, screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { cleanUpAfterEach, renderThread } from '../render.test.support.js'

cleanUpAfterEach()

const area = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message' })
const sendButton = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Send' })
const key = (name: string, more: object = {}) => fireEvent.keyDown(area(), { key: name, ...more })
const offered = () => screen.queryAllByRole('option').map((option) => option.textContent)

function type(value: string): void {
  fireEvent.change(area(), { target: { value, selectionStart: value.length, selectionEnd: value.length } })
}

test('Enter sends and clears; Shift+Enter and an input method do not', () => {
  const { fake } = renderThread()
  type('  hello ')

  expect(key('Enter', { shiftKey: true })).toBe(true)
  key('Enter', { isComposing: true })
  key('Enter', { keyCode: 229 })
  expect(fake.callsOf('send')).toEqual([])

  key('Enter')
  expect(fake.callsOf('send')).toEqual([['hello', {}]])
  expect(area().value).toBe('')
})

test('nothing is sent for nothing', () => {
  const { fake } = renderThread()
  expect(sendButton().disabled).toBe(true)

  type('  ')
  key('Enter')
  expect(fake.callsOf('send')).toEqual([])
})

test('every key says that the user types', () => {
  const { fake } = renderThread()
  type('a')
  type('')
  expect(fake.callsOf('typing')).toHaveLength(1)
})

test('a send that fails harms nothing', async () => {
  const { fake } = renderThread()
  fake.fail('send', new Error('no'))
  type('a')
  fireEvent.click(sendButton())
  await waitFor(() => expect(fake.callsOf('send')).toHaveLength(1))
})

test('offline the text stays, and the reason is said', () => {
  const { fake, set } = renderThread()
  type('hello')
  set({ status: 'reconnecting' })
  act(() => fake.setConnection('reconnecting'))

  key('Enter')
  expect([area().value, area().disabled, sendButton().disabled]).toEqual(['hello', false, true])
  expect(screen.getByText('Messages can be sent once you are connected.').id).toBe(
    area().getAttribute('aria-describedby'),
  )
  expect(fake.callsOf('send')).toEqual([])

  set({ status: 'live' })
  key('Enter')
  expect(fake.callsOf('send')).toHaveLength(1)
})

test.each(['gone', 'refused'] as const)('in a thread that is %s nothing can be written', (status) => {
  renderThread({ status })
  expect(area().disabled).toBe(true)
})

test('@ offers the other members; the keys pick one, who becomes a recipient', () => {
  const { fake } = renderThread()
  type('hi @')
  expect(offered()).toEqual(['Bob', 'Helper'])

  key('ArrowDown')
  expect(screen.getByRole('option', { selected: true }).textContent).toBe('Helper')
  expect(area().getAttribute('aria-activedescendant')).toBe(screen.getByRole('option', { selected: true }).id)
  key('Enter')
  expect(area().value).toBe('hi @Helper ')
  expect(offered()).toEqual([])
  expect(fake.callsOf('send')).toEqual([])

  key('Enter')
  expect(fake.callsOf('send')).toEqual([['hi @Helper', { recipients: ['helper'] }]])

  type('again')
  key('Enter')
  expect(fake.callsOf('send').at(-1)).toEqual(['again', {}])
})

test('a pointer picks, Escape closes, and a mention that was deleted is none', () => {
  const { fake } = renderThread()
  type('@b')
  fireEvent.pointerDown(screen.getByRole('option', { name: 'Bob' }))
  expect(area().value).toBe('@Bob ')

  type('no one')
  key('Enter')
  expect(fake.callsOf('send')).toEqual([['no one', {}]])

  type('@')
  key('Escape')
  expect(offered()).toEqual([])
})
