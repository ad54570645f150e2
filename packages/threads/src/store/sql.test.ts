import { testGrounds } from '@parley/testkit'
import { threadStoreConformance } from './conformance.js'
import { sqlThreadStore, threadsMigrations } from './index.js'

for (const { name, open } of await testGrounds())
  threadStoreConformance(`The store on ${name}`, {
    open: async () => {
      const { ground, close } = await open()
      await ground.db.migrate([threadsMigrations])
      return { store: sqlThreadStore(ground.db), log: ground.log, close }
    },
  })
