import assert from 'node:assert/strict'
import type { Line } from '../compliance/core/line.js'
import { createSession, set } from '../compliance/core/session.js'

/** A session that behaves well while others do not. */
export interface Control {
  /** Writes, reads, edits and listens; rejects when anything of it does not work. */
  verify(): Promise<void>
}

/** How often one session can be verified within its budget of calls. */
const usesPerSession = 12

/** Keeps a well-behaved session beside the fuzzing; a new one now and then, because calls are limited. */
export function startControl(base: string): Control {
  const fresh = () => createSession(base, { mode: 'form-fill', context: { mine: 'typed' } }, () => {})
  let session: Awaited<ReturnType<typeof fresh>> | undefined
  let uses = 0
  return {
    async verify() {
      if (!session || uses % usesPerSession === 0) session = await fresh()
      uses++
      const line = await session.page()
      try {
        await roundTrip(session, line, uses)
      } finally {
        line.close()
      }
    },
  }
}

async function roundTrip(session: Awaited<ReturnType<typeof createSession>>, line: Line, turn: number) {
  const report = await session.act([set('theirs', turn), set('mine', 'stolen')], { stream: true })
  assert.deepEqual([report.applied, report.rejected], [['theirs'], ['mine']])
  await line.next('done')
  await session.edit('edited', turn)
  const { context } = await session.context()
  assert.deepEqual([context.theirs?.value, context.mine?.value, context.edited?.value], [turn, 'typed', turn])
}
