// What every log promises, whatever it is made of. Its cases are in `log-cases`, a file for each subject.
import { describe } from 'vitest'
import { casesWith } from '../conformance/except.js'
import { commitCases } from './log-cases/commit.js'
import { erasureCases } from './log-cases/erasure.js'
import { followCases } from './log-cases/follow.js'
import { nodeCases } from './log-cases/many-nodes.js'
import type { NodeOptions, OpenedLog } from './log-cases/nodes.js'
import { readCases } from './log-cases/read.js'

const cases = { ...commitCases, ...readCases, ...followCases, ...erasureCases }

/** Names of the log's promises. */
export type LogCase = keyof typeof cases | keyof typeof nodeCases

export type LogSubject = {
  /** A log on an empty ground. The suite closes it. */
  open(options?: NodeOptions): Promise<OpenedLog>
  /** Cases that cannot pass, each with the reason. */
  except?: Partial<Record<LogCase, string>>
}

/** Checks every promise of the log, with one node and with two. */
export function logConformance(name: string, subject: LogSubject): void {
  describe(`${name} keeps the log's promises`, () => {
    const test = casesWith<LogCase>(subject.except)
    for (const title of Object.keys(cases) as (keyof typeof cases)[])
      test(title, () => withLog(subject, {}, ({ log }) => cases[title](log)))

    for (const title of Object.keys(nodeCases) as (keyof typeof nodeCases)[]) {
      const { options, run } = nodeCases[title]
      test(title, () => withLog(subject, { ...options, nodes: 2 }, (opened) => withOther(opened, run)))
    }
  })
}

async function withLog(
  subject: LogSubject,
  options: NodeOptions,
  run: (opened: OpenedLog) => Promise<void>,
): Promise<void> {
  const opened = await subject.open(options)
  try {
    await run(opened)
  } finally {
    await opened.close()
  }
}

async function withOther({ log, other }: OpenedLog, run: (typeof nodeCases)[keyof typeof nodeCases]['run']) {
  if (!other) throw new Error('This ground has one node: put the case under `except`, with the reason.')
  await run(log, await other())
}
