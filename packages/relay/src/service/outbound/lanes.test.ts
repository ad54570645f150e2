import { fakeClock } from '@parley/testkit'
import { expect, it } from 'vitest'
import type { BotRow } from '../../store/port.js'
import type { OpenBot } from '../deps.js'
import { fakeBot } from '../fake-bot.test.support.js'
import type { Job, Turn } from './lane.js'
import { Lanes } from './lanes.js'

function open() {
  const clock = fakeClock()
  const bot = fakeBot({ limits: { chatRate: { calls: 1, perMs: 1_000 } } })
  const openBot: OpenBot = { row: { ...bot.identity } as BotRow, bot, health: () => ({ state: 'well' }) }
  const lanes = new Lanes(clock, new AbortController().signal)
  return { clock, lanes, of: (place: string) => lanes.of(openBot, place) }
}

const job = (isAllowed: boolean, run: (turn: Turn) => Promise<void> = async () => undefined): Job => ({
  owner: 'o',
  ready: Promise.resolve(isAllowed),
  run,
})

it('places that nobody may send to are forgotten at once', async () => {
  const { lanes, of } = open()

  for (let n = 0; n < 50; n++) await of(`p${n}`).add(job(false))

  expect(lanes.size).toBe(0)
})

it('places are remembered as long as their rates count, and swept when there are many', async () => {
  const { clock, lanes, of } = open()
  const take = (place: string) => of(place).add(job(true, (turn) => turn.seat(true)))

  for (let n = 0; n < 500; n++) await take(`p${n}`)
  expect(of('p7').isCrowded(true)).toBe(true)
  expect(lanes.size).toBe(500)
  await clock.advance(1_000)
  await take('one more')

  expect(lanes.size).toBe(1)
})

it('a job that fails to begin does not keep those of another owner from their turn', async () => {
  const { of } = open()
  const done: string[] = []
  const forever = new Promise<boolean>(() => undefined)
  const named = (owner: string, ready: Promise<boolean>): Job => ({
    owner,
    ready,
    run: async () => void done.push(owner),
  })

  void of('p').add({ ...named('x', forever) })
  void of('p').add(named('x', Promise.resolve(true)))
  await of('p').add(named('y', Promise.resolve(true)))

  expect(done).toEqual(['y'])
})
