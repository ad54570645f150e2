import { eventually } from '@parley/testkit'
import { expect, test } from 'vitest'
import { controlPlane, testDoor } from './standalone.test.support.js'

test('a second start of a session takes its callbacks over from nobody', async () => {
  const door = await testDoor()
  const planes = [
    await controlPlane(() => ({ outcome: 'cancelled' })),
    await controlPlane(() => ({ outcome: 'cancelled' })),
  ]
  const started = await Promise.all(planes.map(({ url }) => door.start('s1', { callbackUrl: url })))
  expect(started.map(({ status }) => status).toSorted()).toEqual([200, 409])
  const [owner, thief] = started[0]?.status === 200 ? planes : planes.toReversed()
  if (!owner || !thief) throw new Error('there are two')
  expect(await door.start('s1', { callbackUrl: thief.url })).toMatchObject({ status: 409 })

  await door.prompt('s1', 'ask')

  await eventually(() => owner.received.some(({ type }) => type === 'end_turn'))
  expect(owner.received.map(({ type }) => type)).toContain('permission_request')
  expect(thief.received).toEqual([])
})
