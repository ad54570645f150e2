// What every store of the relay promises: the doc comments of `port.ts` as cases, a file of `store-cases` for each subject.
import { describe } from 'vitest'
import { botCases } from './store-cases/bots.js'
import { entryCases } from './store-cases/entries.js'
import { bench, type RelayStoreSubject } from './store-cases/fixtures.js'
import { gatewayCases } from './store-cases/gateways.js'
import { instanceCases } from './store-cases/instances.js'
import { linkCases } from './store-cases/links.js'
import { mediaCases } from './store-cases/media.js'
import { receiptCases } from './store-cases/receipts.js'
import { routingCases } from './store-cases/routing.js'
import { secretCases } from './store-cases/secrets.js'

export type { RelayStoreSubject } from './store-cases/fixtures.js'

const subjects = {
  'about bots and settings': botCases,
  'about gateways': gatewayCases,
  'about instances': instanceCases,
  'about entries': entryCases,
  'about links': linkCases,
  'about routing': routingCases,
  'about capabilities and prompts': secretCases,
  'about receipts': receiptCases,
  'about media': mediaCases,
}

/** Checks every promise of a store of the relay. */
export function relayStoreConformance(name: string, subject: RelayStoreSubject): void {
  describe(`${name} keeps the promises of the relay's store`, () => {
    for (const [title, cases] of Object.entries(subjects)) describe(title, () => cases(bench(subject)))
  })
}
