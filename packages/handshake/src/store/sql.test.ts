import { testGrounds } from '@parley/testkit'
import { handshakeStoreConformance } from './conformance.js'
import { handshakeMigrations, sqlHandshakeStore } from './index.js'

for (const { name, open } of await testGrounds())
  handshakeStoreConformance(`The store on ${name}`, {
    open: async () => {
      const { ground, close } = await open()
      await ground.db.migrate([handshakeMigrations])
      return { store: sqlHandshakeStore(ground.db), log: ground.log, db: ground.db, close }
    },
  })
