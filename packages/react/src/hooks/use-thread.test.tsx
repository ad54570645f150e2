// @vitest-environment happy-dom
import { act } from '@testing-library/react'
import { expect, test } from 'vitest'
import { cleanUpAfterEach, renderUse } from '../render.test.support.js'
import { aMember, aMessage, ann, bob } from '../things.test.support.js'
import { useThread } from './use-thread.js'

cleanUpAfterEach()

const use = (id: string | undefined) => useThread(id)

// proves: threads.t33
test('a thread is followed from mount to unmount: its events, members and state', () => {
  const { result, fake, unmount } = renderUse(use, 'th_1')
  const thread = fake.thread('th_1')
  const { event } = aMessage('hello')

  act(() => thread.set({ events: [event], members: [aMember(ann)] }))

  expect(result.current).toMatchObject({ status: 'live', events: [event], members: [aMember(ann)] })
  expect(thread.followers).toBe(1)
  unmount()
  expect(thread.followers).toBe(0)
})

test('what is answered stays the same object until something changes', () => {
  const { result, rerender, fake } = renderUse(use, 'th_1')
  const before = result.current

  rerender('th_1')
  expect(result.current).toBe(before)

  act(() => fake.thread('th_1').set({ hasOlder: true }))
  expect(result.current).not.toBe(before)
  expect(result.current.send).toBe(before.send)
})

test('another id closes the thread and opens the other', () => {
  const { result, rerender, fake } = renderUse(use, 'th_1' as string)
  fake.thread('th_2').set({ members: [aMember(bob)] })

  rerender('th_2')

  expect(result.current.members).toEqual([aMember(bob)])
  expect([fake.thread('th_1').followers, fake.thread('th_2').followers]).toEqual([0, 1])
})

test('without an id nothing is open, and actions say so', async () => {
  const { result, rerender, fake } = renderUse(use, undefined as string | undefined)

  expect(result.current).toMatchObject({ status: 'loading', timeline: [] })
  await expect(result.current.send('a')).rejects.toMatchObject({ code: 'closed' })
  expect(() => result.current.setTyping()).not.toThrow()

  rerender('th_1')
  await result.current.send('a', { recipients: ['u_bob'] })
  expect(fake.callsOf('send')).toEqual([['a', { recipients: ['u_bob'] }]])
})

test('actions reject with what the client says', async () => {
  const { result, fake } = renderUse(use, 'th_1')
  const refusal = new Error('no')
  fake.fail('edit', refusal)

  await expect(result.current.edit('evt_1', [])).rejects.toBe(refusal)
})

test('with a selector only what it takes renders again', () => {
  let renders = 0
  const { result, fake } = renderUse(() => {
    renders += 1
    return useThread('th_1', ({ members }) => members.map(({ identity_id }) => identity_id), isSame)
  }, undefined)
  act(() => fake.thread('th_1').set({ members: [aMember(ann)] }))
  const before = { ids: result.current, renders }

  act(() => fake.thread('th_1').set({ typing: ['u_bob'] }))
  expect([result.current, renders]).toEqual([before.ids, before.renders])
  expect(result.current).toBe(before.ids)

  act(() => fake.thread('th_1').set({ members: [aMember(ann), aMember(bob)] }))
  expect(result.current).toEqual(['u_ann', 'u_bob'])
})

const isSame = (before: string[], after: string[]): boolean => before.join() === after.join()
