// The story, checked: everybody read the same, in the same order.
import { strict as assert } from 'node:assert'
import { planSunday, startRooms } from './room.js'

const { url, stop } = await startRooms()
try {
  const { ada, ben } = await planSunday(url, () => {})
  assert.deepEqual(ada, ben, 'both have read the same')
  assert.deepEqual(ada, [
    'Ada: Where shall we go on Sunday?',
    'Planner: The boat to the island at ten, lunch at the mill. Booker, two seats please.',
    'Booker: Booked A3 and A4. Ben agreed.',
    'Ada: See you at the pier!',
  ])
  console.info('The story holds: two people, two assistants, one log.')
} finally {
  await stop()
}
