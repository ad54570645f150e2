import { eventually, type FakeClock, fakeClock } from '@parley/testkit'
import { type OutboundTestOptions, openOutbound } from './outbound.test.support.js'

/** The way out on a clock that moves only when told to. */
export async function openTimed(options: OutboundTestOptions = {}) {
  const clock = fakeClock()
  const test = await openOutbound({ clock, ...options })
  const contents = () =>
    test.bot.performed.map((action) => ('content' in action ? action.content : action.op))
  const queued = async (count: number) =>
    await eventually(async () => (await test.deps.store.receipts.listQueued(null)).length === count)
  return { ...test, clock, contents, queued }
}

/** Moves time in small steps until something is answered. */
export async function waitFor<T>(clock: FakeClock, answer: Promise<T>, stepMs = 1_000): Promise<T> {
  let isThere = false
  const done = answer.finally(() => {
    isThere = true
  })
  await eventually(async () => {
    await clock.advance(isThere ? 0 : stepMs)
    return isThere
  })
  return await done
}
