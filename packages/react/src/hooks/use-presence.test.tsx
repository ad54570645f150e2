// @vitest-environment happy-dom
import { act } from '@testing-library/react'
import { expect, test } from 'vitest'
import { cleanUpAfterEach, renderUse } from '../render.test.support.js'
import { useConnection } from './use-connection.js'
import { usePresence } from './use-presence.js'

cleanUpAfterEach()

test('presence is who is there and who types, and says that the user types', () => {
  const { result, fake } = renderUse(usePresence, 'th_1')

  act(() => fake.thread('th_1').set({ online: ['u_bob'], typing: ['u_bob'] }))
  const seen = result.current
  act(() => fake.thread('th_1').set({ hasOlder: true }))
  result.current.setTyping()

  expect(seen).toMatchObject({ online: ['u_bob'], typing: ['u_bob'] })
  expect(result.current).toBe(seen)
  expect(fake.callsOf('typing')).toHaveLength(1)
})

// proves: threads.t33
test('the connection is followed', () => {
  const { result, fake } = renderUse(useConnection, undefined)
  expect(result.current).toBe('connected')

  act(() => fake.setConnection('reconnecting'))
  expect(result.current).toBe('reconnecting')
})
