// What every outbox promises. Its cases are in `outbox-cases`, a file for each subject.
import { describe } from 'vitest'
import { casesWith } from '../conformance/except.js'
import { failingCases } from './outbox-cases/failing.js'
import { type OutboxNode, type OutboxScene, stopAll } from './outbox-cases/fixtures.js'
import { laneCases } from './outbox-cases/lanes.js'
import { lookingCases } from './outbox-cases/looking.js'
import { sendingCases } from './outbox-cases/sending.js'

const cases = { ...sendingCases, ...failingCases, ...laneCases, ...lookingCases }

/** Names of the outbox's promises. */
export type OutboxCase = keyof typeof cases

export type OutboxSubject = {
  /** An empty ground; `node` opens one more node on it, whose outbox gets 0.5 from `random`. The suite closes it. */
  open(): Promise<{ node(): Promise<OutboxNode>; close(): Promise<void> }>
  /** Cases that cannot pass, each with the reason. */
  except?: Partial<Record<OutboxCase, string>>
}

/** Checks every promise of the outbox, with two nodes on one ground. */
export function outboxConformance(name: string, subject: OutboxSubject): void {
  describe(`${name} keeps the outbox's promises`, () => {
    const test = casesWith<OutboxCase>(subject.except)
    for (const title of Object.keys(cases) as OutboxCase[])
      test(title, async () => {
        const ground = await subject.open()
        const scene: OutboxScene = { a: await ground.node(), b: await ground.node(), started: [] }
        try {
          await cases[title](scene)
        } finally {
          await stopAll(scene)
          await ground.close()
        }
      })
  })
}
