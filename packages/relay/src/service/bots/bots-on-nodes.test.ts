import { eventually, type FakeClock, fakeClock, testGrounds } from '@parley/testkit'
import { afterEach, expect, it } from 'vitest'
import { aRow, b1, b2, change, cleanUp, closeAll, insert, node } from './bots.test.support.js'

const grounds = await testGrounds()
afterEach(closeAll)

for (const { name, open: openGround } of grounds.filter(({ engine }) => engine === 'postgres')) {
  async function twoNodes() {
    const clock: FakeClock = fakeClock()
    const { ground, another, close } = await openGround({ clock })
    cleanUp.push(close)
    const other = await another!({ clock })
    const [a, b] = [await node(ground), await node(other)]
    return { a, b, clock }
  }

  it(`one node at a time takes a bot's messages in, the other goes on when it stops (${name})`, async () => {
    const { a, b, clock } = await twoNodes()
    await insert(a.deps, aRow())
    const onA = await a.open()
    await eventually(() => a.driver.bot().sink)
    const onB = await b.open()
    await eventually(async () => {
      await clock.advance(20)
      return onB.get(b1)
    })
    expect(b.driver.bot().calls.start).toBe(0)

    await onA.stop()
    await eventually(async () => {
      await clock.advance(20)
      return b.driver.bot().sink
    })

    expect([a.driver.bot().calls.stop, b.driver.bot().calls.start]).toEqual([1, 1])
    expect(onB.healthOf(b1)).toEqual({ state: 'well' })
  })

  it(`a node that has lost its lease stops, opens the bot anew and waits for its turn (${name})`, async () => {
    const { a, b, clock } = await twoNodes()
    await insert(a.deps, aRow())
    const onA = await a.open()
    await eventually(() => a.driver.bot().sink)
    const [first] = a.driver.opened

    // As another node sees a holder that was silent for too long.
    const { ground } = b.deps
    const taken = { sql: 'update leases set epoch = epoch + 1, holder = $1', params: ['somebody'] }
    await ground.log.commit({ ops: [taken], appends: [] })
    await eventually(async () => {
      await clock.advance(100)
      return first?.calls.stop === 1
    })

    expect(onA.get(b1)?.bot).toBe(a.driver.opened[1])
    await clock.advance(10_000)
    await eventually(async () => {
      await clock.advance(20)
      return a.driver.bot().sink
    })
  })

  it(`nodes learn of changes and of health, also when nobody told them (${name})`, async () => {
    const { a, b, clock } = await twoNodes()
    const [onA, onB] = [await a.open(), await b.open()]

    await insert(a.deps, aRow())
    await onA.refresh(b1)
    await eventually(() => onB.get(b1))
    const [holder, waiting] = await eventually(() =>
      a.driver.opened[0]?.sink ? ([a, onB] as const) : b.driver.opened[0]?.sink && ([b, onA] as const),
    )
    holder.driver.bot().sink?.health({ state: 'failing', detail: 'the platform is away' })
    await eventually(() => waiting.healthOf(b1)?.detail === 'the platform is away')

    await insert(a.deps, aRow(b2))
    await eventually(async () => {
      await clock.advance(250)
      return onA.get(b2) && onB.get(b2)
    })
    await change(a.deps, b2, { isEnabled: false })
    await onB.refresh(b2)
    await eventually(() => !onA.get(b2))
  })
}
