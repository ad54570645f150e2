// What every store of sessions promises: the doc comments of `port.ts` as cases, a file of `store-cases` for each subject.
import { describe } from 'vitest'
import { bench, type SessionsStoreSubject } from './store-cases/fixtures.js'
import { hostCases } from './store-cases/hosts.js'
import { messageCases } from './store-cases/messages.js'
import { permissionCases } from './store-cases/permissions.js'
import { sessionCases } from './store-cases/sessions.js'
import { templateCases } from './store-cases/templates.js'

export { type SessionsStorageSubject, sessionsStorageConformance } from './storage-conformance.js'
export type { SessionsStoreSubject } from './store-cases/fixtures.js'

const subjects = {
  'about sessions': sessionCases,
  'about permissions': permissionCases,
  'about templates': templateCases,
  'about hosts and instances': hostCases,
  'about queued messages': messageCases,
}

/** Checks every promise of a store of sessions. */
export function sessionsStoreConformance(name: string, subject: SessionsStoreSubject): void {
  describe(`${name} keeps the promises of the sessions store`, () => {
    for (const [title, cases] of Object.entries(subjects)) describe(title, () => cases(bench(subject)))
  })
}
