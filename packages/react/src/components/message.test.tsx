// @vitest-environment happy-dom
import { ThreadsClientError } from '@parley/threads/client'
import { text, user } from '@parley/threads/protocol'
import { fireEvent, screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { cleanUpAfterEach, renderThread } from '../render.test.support.js'
import { aMember, aMessage, ann, aPending, common, helper } from '../things.test.support.js'

cleanUpAfterEach()

const click = (name: string) => fireEvent.click(screen.getByRole('button', { name }))
const url = 'https://files.example/a'

test('a message says who wrote it, when, for whom, and that it was edited', () => {
  const item = aMessage('hi', { isEdited: true })
  item.event.recipients = ['helper', 'u_gone']
  const { container } = renderThread({ timeline: [item] })

  expect(container.querySelector('[data-parley-author]')?.textContent).toBe('Bob')
  expect(container.querySelector('time')?.getAttribute('datetime')).toBe(item.event.created_at)
  expect(container.querySelector('[data-parley-recipients]')?.textContent).toBe('To Helper and u_gone')
  expect(container.querySelector('[data-parley-edited]')).not.toBeNull()
  expect(screen.queryByRole('button', { name: 'Edit' })).toBeNull()
})

test('a deleted message says so and offers nothing', () => {
  const { container } = renderThread({
    timeline: [aMessage([], { author: ann, isDeleted: true, isEdited: true })],
  })

  expect(screen.getByText('This message was removed.')).toBeDefined()
  expect(container.querySelector('[data-parley-edited], [data-parley-edit], [data-parley-remove]')).toBeNull()
})

test('the author changes the text; other parts stay', async () => {
  const image = { type: 'image', url, mime: 'image/png' } as const
  const { fake } = renderThread({ timeline: [aMessage([text('old'), image], { author: ann })] })

  click('Edit')
  fireEvent.change(screen.getByLabelText('Text of the message'), { target: { value: 'new' } })
  click('Save')

  await waitFor(() => expect(fake.callsOf('edit')).toEqual([['evt_1', [text('new'), image]]]))
  await waitFor(() => expect(screen.queryByLabelText('Text of the message')).toBeNull())
})

test('an edit that is refused stays open and says why; it can be left', async () => {
  const { fake } = renderThread({ timeline: [aMessage('old', { author: ann })] })
  fake.fail('edit', new ThreadsClientError('forbidden', 'not the author of this message'))

  click('Edit')
  click('Save')
  await waitFor(() => expect(screen.getByRole('alert').textContent).toBe('not the author of this message'))

  click('Cancel')
  expect(screen.queryByLabelText('Text of the message')).toBeNull()
})

test('the author takes a message back after being asked', async () => {
  const { fake } = renderThread({ timeline: [aMessage('old', { author: ann })] })

  click('Remove')
  click('Keep')
  expect(fake.callsOf('remove')).toEqual([])

  click('Remove')
  click('Remove')
  await waitFor(() => expect(fake.callsOf('remove')).toEqual([['evt_1']]))
})

test('a message on its way says so; one that failed can be sent again or discarded', async () => {
  const { fake, set } = renderThread({ timeline: [aPending('hi')] })
  expect(screen.getByText('Sending …')).toBeDefined()

  set({ timeline: [aPending('hi', { error: new ThreadsClientError('network', 'no answer') })] })
  expect(screen.getByRole('alert').textContent).toBe('no answer')
  click('Send again')
  click('Discard')

  await waitFor(() => expect(fake.callsOf('retry')).toEqual([['c1']]))
  expect(fake.callsOf('discard')).toEqual([['c1']])
})

test('reasoning is closed', () => {
  const event = { ...common(3, helper), type: 'reasoning', content: 'hm' } as const
  const { container } = renderThread({ timeline: [{ key: 'r', kind: 'reasoning', event }] })

  expect(container.querySelector('details')?.open).toBe(false)
  expect(container.querySelector('details')?.textContent).toContain('hm')
})

test('names and titles are text, whatever stands in them', () => {
  const evil = '<img src=x onerror=alert(1)><script>x</script>'
  const mallory = user({ id: evil, name: evil })
  const { container } = renderThread({
    members: [{ ...aMember(mallory), role: evil }],
    typing: [evil],
    online: [evil],
    timeline: [
      aMessage([
        text(evil),
        { type: 'image', url, mime: evil, name: evil },
        { type: 'document', url, mime: evil, name: evil },
        {
          type: 'form',
          form_id: evil,
          status: 'pending',
          title: evil,
          description: evil,
          schema: {
            properties: { [evil]: { type: 'string', title: evil, description: evil, default: evil } },
          },
        },
      ]),
      { key: 'n', kind: 'notice', event: { ...common(4, mallory), type: evil } },
    ],
  })

  expect(container.querySelector('script, img[src=x], [onerror]')).toBeNull()
  expect(container.querySelectorAll('img')).toHaveLength(1)
  expect(container.textContent).toContain(evil)
})
