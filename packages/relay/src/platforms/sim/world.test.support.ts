import type { Ground } from '@parley/kernel/ground'
import { type FakeClock, fakeClock, fakeIds, type TestGround } from '@parley/testkit'
import { onTestFinished } from 'vitest'
import { type TestSink, testSink } from '../conformance/sink.js'
import type { SimBot } from '../sim-port.js'
import { simDriver } from './driver.js'

export type Node = { bot: SimBot; sink: TestSink; reported: unknown[]; started(): Promise<Node> }

/** A ground on which bots are opened, again and again, on one node or on two. */
export async function simGround(testGround: TestGround, platform = 'discord') {
  const clock: FakeClock = fakeClock()
  const opened = await testGround.open({ clock, ids: fakeIds() })
  const bots: SimBot[] = []
  onTestFinished(async () => {
    for (const bot of bots) await bot.stop()
    await opened.close()
  })

  const open = ({ log, ids }: Pick<Ground, 'log' | 'ids'> = opened.ground): Node => {
    const reported: unknown[] = []
    const bot = simDriver().open({
      platform,
      botId: 'b1',
      label: 'Bot',
      settings: {},
      credentials: {},
      clock,
      ids,
      log,
      onFault: (error) => reported.push(error),
    })
    bots.push(bot)
    const sink = testSink()
    const node: Node = {
      bot,
      sink,
      reported,
      started: async () => {
        await bot.start(sink)
        return node
      },
    }
    return node
  }
  return { clock, open, ground: opened.ground, another: opened.another }
}

/** A signal that never aborts. */
export const open = (): { signal: AbortSignal } => ({ signal: new AbortController().signal })

export const said = { userId: 'ada', chatId: 'c1', scopeId: 's1', text: 'hello' } as const
