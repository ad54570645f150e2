import { describe } from 'vitest'
import { casesWith } from '../conformance/except.js'
import { answering } from './cases/answering.js'
import { asking } from './cases/asking.js'
import { expiring } from './cases/expiring.js'
import type { DecisionsGround } from './cases/nodes.js'
import { waiting } from './cases/waiting.js'

export type { DecisionsGround, DecisionsNode } from './cases/nodes.js'

export type DecisionsSubject = {
  /** An empty ground; `node` opens one more node on it. The suite closes it. */
  open(): Promise<DecisionsGround>
  /** Cases that cannot pass, each with the reason. */
  except?: Partial<Record<DecisionsCase, string>>
}

const cases = { ...asking, ...answering, ...expiring, ...waiting }

/** Names of the promises. */
export type DecisionsCase = keyof typeof cases

/** Checks every promise of the decisions, with two nodes on one ground. */
export function decisionsConformance(name: string, subject: DecisionsSubject): void {
  describe(`${name} keeps the decisions' promises`, () => {
    const test = casesWith<DecisionsCase>(subject.except)
    for (const title of Object.keys(cases) as DecisionsCase[])
      test(title, async () => {
        const ground = await subject.open()
        try {
          await cases[title](await ground.node(), await ground.node(), ground)
        } finally {
          await ground.close()
        }
      })
  })
}
