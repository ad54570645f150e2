import { testGrounds } from '@parley/testkit'
import { sessionsStoreConformance } from './conformance.js'
import { sessionsMigrations, sqlSessionsStore } from './index.js'

for (const { name, open } of await testGrounds())
  sessionsStoreConformance(`The store on ${name}`, {
    open: async () => {
      const { ground, close } = await open()
      await ground.db.migrate([sessionsMigrations])
      const { db, log } = ground
      return { store: sqlSessionsStore(db), again: sqlSessionsStore(db), log, close }
    },
  })
