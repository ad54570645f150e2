import { testGrounds } from '@parley/testkit'
import { relayStoreConformance } from './conformance.js'
import { relayMigrations, sqlRelayStore } from './index.js'

for (const { name, open } of await testGrounds())
  relayStoreConformance(`The store on ${name}`, {
    open: async () => {
      const { ground, close } = await open()
      await ground.db.migrate([relayMigrations])
      const { db, log } = ground
      return { store: sqlRelayStore(db), again: sqlRelayStore(db), log, close }
    },
  })
