import { eventually, testGrounds } from '@parley/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { openRooms, promptEvent } from '../rooms.test.support.js'
import { LinkedHost, openMessages, say, statesAre } from './linked-host.test.support.js'

const several = (await testGrounds()).filter(({ engine }) => engine === 'postgres')

it.skipIf(several.length === 0)('two nodes that hear of every turn send each message once', async () => {
  const { ground, another, close } = await several[0]!.open()
  onTestFinished(close)
  const nodes = [await openRooms({ ground }), await openRooms({ ground: await another!() })]
  const host = new LinkedHost(nodes[0]!)
  const messages = nodes.map((rooms) => openMessages(rooms, host))
  const { id } = await nodes[0]!.session()
  const texts = ['1', '2', '3', '4', '5', '6']
  for (const [n, text] of texts.entries()) await say(messages[n % 2]!, id, text)

  for (let turn = 0; turn < texts.length; turn++) {
    await eventually(() => host.ran.length === turn + 1)
    const { turnId } = host.ran[turn]!
    // Both hear of it, each by an event of its own.
    const [first, second] = turn % 2 ? nodes : nodes.toReversed()
    await first!.happen(id, promptEvent('response', { stopReason: 'end_turn' }, turnId))
    await second!.happen(id, { type: 'queue.updated', data: { processing: false, paused: false, items: [] } })
  }
  await statesAre(nodes[0]!, ...texts.map(() => 'sent'))

  expect(host.texts()).toEqual(texts)
  expect(host.asked).toBe(texts.length)
})
