import { runtimeConformance } from '../conformance.js'
import { fakeRuntime } from './index.js'

runtimeConformance('the runtime in memory', async () => {
  const runtime = fakeRuntime()
  return {
    runtime,
    instance: 'staging',
    spawn: { command: 'scripted', args: [] },
    workspace: '/workspace',
    events: async (id) =>
      runtime.hosts
        .get('staging')
        ?.eventsOf(id)
        .map(({ event }) => event) ?? [],
    close: async () => runtime.dispose?.(),
  }
})
