import { eventually, fakeClock } from '@parley/testkit'
import { afterEach, expect, it } from 'vitest'
import { createLog } from '../../log/log.js'
import { append } from '../../log/log-cases/nodes.js'
import { memoryJournal } from '../../log/memory-journal.test.support.js'
import { scriptedBus } from '../../log/test-bus.test.support.js'
import { type Fixture, socketFixture } from '../socket-fixture.test.support.js'
import { createFeed } from './feed.js'

const fixtures: Fixture[] = []
afterEach(async () => {
  for (const fixture of fixtures.splice(0)) await fixture.stop()
})

async function start() {
  const clock = fakeClock()
  const onFault = (error: unknown) => {
    throw error
  }
  const journal = memoryJournal(() => clock.micros())
  const log = createLog({ journal, bus: scriptedBus(), clock, exclusive: true, onFault })
  const fixture = await socketFixture({ clock })
  fixtures.push(fixture)
  const feed = createFeed({ log, outlet: fixture.acceptor.outlet, encode: ({ seq }) => String(seq), onFault })
  const watch = async (after: number) => {
    const { client, connection } = await fixture.dial()
    const texts: string[] = []
    client.on('message', (data) => void texts.push(String(data)))
    const caughtUp = () => connection.send('caught up')
    feed.join('room:1', connection, { after, audience: undefined, caughtUp })
    return texts
  }
  return { log, feed, watch }
}

it('over the real log gives history, the mark, and what is live', async () => {
  const { log, watch } = await start()
  for (const text of ['a', 'b', 'c']) await append(log, 'room:1', text)

  const texts = await watch(1)
  await eventually(() => texts.includes('caught up'))
  for (const text of ['d', 'e']) await append(log, 'room:1', text)

  await eventually(() => texts.length === 5)
  expect(texts).toEqual(['2', '3', 'caught up', '4', '5'])
})

it('knows its deliveries as soon as the commit is acknowledged', async () => {
  const { log, feed, watch } = await start()
  const watchers = [await watch(0), await watch(0)]
  await eventually(() => watchers.every((texts) => texts.includes('caught up')))

  await append(log, 'room:1', 'a')

  expect(feed.deliveries('room:1', 1)).toBe(2)
})
