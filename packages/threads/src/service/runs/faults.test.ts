import { openGround } from '@parley/kernel/ground'
import { fakeClock } from '@parley/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { text } from '../../protocol/index.js'
import type { AssistantHandler } from './handler.js'
import { roomWith } from './room.test.support.js'

const secret = 'password authentication failed for user "parley" at 10.0.0.5:5432'

/** A room on a database that fails once it is told to, with a text that is nobody's business. */
async function failing(handler: (fail: () => void) => AssistantHandler) {
  const ground = await openGround({ clock: fakeClock() })
  onTestFinished(() => ground.close())
  let isFailing = false
  const once = <Args extends unknown[], T>(work: (...args: Args) => T): ((...args: Args) => T) => {
    return (...args) => {
      if (!isFailing) return work(...args)
      isFailing = false
      throw new Error(secret)
    }
  }
  const { commit, last, tap } = ground.log
  const log = { ...ground.log, commit: once(commit), last: once(last), tap: once(tap) }
  const bot = handler(() => {
    isFailing = true
  })
  return roomWith({ bot }, { ground: { ...ground, log } })
}

test.each<[string, (fail: () => void) => AssistantHandler]>([
  [
    'stores',
    (fail) =>
      async function* (_ctx, send) {
        fail()
        yield send.message([text('hi')])
      },
  ],
  [
    'reads',
    (fail) =>
      async function* (ctx, send) {
        fail()
        const events = await ctx.events()
        yield send.message([text(`${events.length}`)])
      },
  ],
  [
    'waits',
    (fail) =>
      async function* (ctx, send) {
        const asked = yield send.form({ schema: {} })
        fail()
        yield send.message([text((await ctx.answer(asked)).status)])
      },
  ],
])(
  'what goes wrong in the database while a run %s is told to the operator, not to the room',
  async (_what, handler) => {
    const { invoke, over, faults, events } = await failing(handler)

    const { body } = await invoke(['bot'])
    const run = await over(body.runs[0].id)

    expect(run).toMatchObject({
      status: 'failed',
      error: { code: 'handler_error', message: 'internal error' },
    })
    expect(JSON.stringify(await events())).not.toContain('10.0.0.5')
    expect(faults.map(String)).toEqual([`Error: ${secret}`])
  },
)
