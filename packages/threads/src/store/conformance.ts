// What every store of threads promises: the doc comments of `port.ts` as cases, a file of `store-cases` for each subject.
import { describe } from 'vitest'
import { bench, type ThreadStoreSubject } from './store-cases/fixtures.js'
import { memberCases } from './store-cases/members.js'
import { messageCases } from './store-cases/messages.js'
import { questionCases } from './store-cases/questions.js'
import { runCases } from './store-cases/runs.js'
import { threadCases } from './store-cases/threads.js'
import { visibilityCases } from './store-cases/visibility.js'

export type { ThreadStoreSubject } from './store-cases/fixtures.js'

const subjects = {
  'about threads': threadCases,
  'about lists of threads': visibilityCases,
  'about members': memberCases,
  'about messages': messageCases,
  'about runs': runCases,
  'about questions': questionCases,
}

/** Checks every promise of a store of threads. */
export function threadStoreConformance(name: string, subject: ThreadStoreSubject): void {
  describe(`${name} keeps the promises of the thread store`, () => {
    for (const [title, cases] of Object.entries(subjects)) describe(title, () => cases(bench(subject)))
  })
}
