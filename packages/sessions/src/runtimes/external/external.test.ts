import { runtimeConformance } from '../conformance.js'
import { externalRuntime } from './index.js'
import { openScriptedHost } from './scripted-host.test.support.js'

for (const generation of ['a', 'b'] as const)
  runtimeConformance(
    `a host of generation ${generation.toUpperCase()} that is reached by URL`,
    async () => {
      const scripted = await openScriptedHost(generation)
      const runtime = externalRuntime({ url: scripted.url })
      return {
        runtime,
        instance: 'external',
        spawn: { command: 'scripted', args: [] },
        workspace: '/workspace',
        events: async (id) => scripted.host.eventsOf(id).map(({ event }) => event),
        close: async () => {
          await runtime.dispose?.()
          await scripted.close()
        },
      }
    },
    { hasQueue: generation === 'a' },
  )
