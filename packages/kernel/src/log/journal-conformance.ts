// What every journal promises, as tests. Each engine's journal runs them over its own database.
import { afterEach, describe, test } from 'vitest'
import { type Database, kernelMigrations } from '../db/index.js'
import { type Clock, type Ids, systemClock, systemIds } from '../ids/index.js'
import type { Journal } from './journal.js'
import { appendCases } from './journal-cases/appends.js'
import { erasureCases } from './journal-cases/erasure.js'
import { type Open, things } from './journal-cases/fixtures.js'
import { keyCases } from './journal-cases/keys.js'
import { lifeCases } from './journal-cases/life.js'
import { readCases } from './journal-cases/reads.js'
import { unitCases } from './journal-cases/units.js'

const cases = { ...appendCases, ...unitCases, ...keyCases, ...readCases, ...erasureCases, ...lifeCases }

/** How an engine opens a journal over an empty database of its own. */
export type JournalSubject = {
  open(options: { clock: Clock; ids: Ids }): Promise<{
    db: Database
    /** Makes the journal; called once, when the suite has migrated the database. */
    start(): Journal
    /** Closes the database and removes what it left. The suite closes the journal before. */
    close(): Promise<void>
  }>
}

/** Runs the journal's cases over one engine. */
export function journalConformance(name: string, subject: JournalSubject): void {
  describe(`${name} keeps the journal's promises`, () => {
    const cleanups: (() => Promise<void>)[] = []
    afterEach(async () => {
      for (const clean of cleanups.splice(0).reverse()) await clean()
    })
    const open: Open = async (clock = systemClock) => {
      const { db, start, close } = await subject.open({ clock, ids: systemIds })
      cleanups.push(close)
      await db.migrate([kernelMigrations, things])
      const journal = start()
      cleanups.push(() => journal.close())
      return { db, journal }
    }
    for (const [title, run] of Object.entries(cases)) test(title, () => run(open))
  })
}
