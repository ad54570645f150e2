import { testGrounds } from '@parley/testkit'
import { sqlSessionsStorage } from './sql-storage.js'
import { sessionsStorageConformance } from './store/conformance.js'
import { sessionsMigrations } from './store/index.js'

// proves: sessions.s69
for (const { name, open } of await testGrounds())
  sessionsStorageConformance(`The storage on ${name}`, {
    open: async () => {
      const { ground, close } = await open()
      await ground.db.migrate([sessionsMigrations])
      return { storage: sqlSessionsStorage(ground), close }
    },
  })
