// Runtimes and their instances: sections 2.4 and 2.5.
import { isParleyError, kernelErrors } from '@parley/kernel/errors'
import { toInstance, toRuntimeInfo } from './addresses.js'
import { done, fromHost, ok } from './answer.js'
import { type Call, objectOf, optionalText, type Route } from './call.js'
import { gitRoutes, hostQuery, pathIn } from './host-query.js'
import type { RouteContext } from './routes.js'

/** Sessions whose commands are looked at for an instance. */
const maxLooked = 5

export function runtimeRoutes({ service, addressesOf }: RouteContext): Route[] {
  const ask = async ({ by, param }: Call, path: string, query: Record<string, string>) =>
    fromHost(await service.fetchInstance(by, param('instance'), { method: 'GET', path, query }))

  return [
    {
      method: 'GET',
      path: '/runtimes',
      summary: 'List runtimes and their instances',
      run: async ({ by, request }) => {
        const addresses = addressesOf(request)
        return ok((await service.listRuntimes(by)).map((info) => toRuntimeInfo(info, addresses)))
      },
    },
    {
      method: 'POST',
      path: '/runtimes/:type/start',
      summary: 'Start or resume an instance',
      run: async (call) => {
        const name = optionalText(await bodyOrNothing(call), 'name')
        const started = await service.startRuntime(call.by, call.param('type'), name)
        return ok(toInstance(started, addressesOf(call.request)), 201)
      },
    },
    {
      method: 'POST',
      path: '/runtimes/:instance/stop',
      summary: 'End the sessions of an instance and stop it',
      run: async ({ by, param }) => {
        await service.stopRuntime(by, param('instance'))
        return done
      },
    },
    {
      method: 'POST',
      path: '/runtimes/:instance/pause',
      summary: 'Pause an instance',
      run: async ({ by, param }) => {
        await service.pauseRuntime(by, param('instance'))
        return done
      },
    },
    {
      method: 'DELETE',
      path: '/runtimes/:instance',
      summary: 'Stop and forget an instance',
      run: async ({ by, param }) => {
        await service.deleteRuntime(by, param('instance'))
        return done
      },
    },
    {
      method: 'GET',
      path: '/runtimes/:instance/files',
      summary: 'Preview a file',
      run: (call) => ask(call, '/files', { path: pathIn(call.query) }),
    },
    {
      method: 'GET',
      path: '/runtimes/:instance/fs/snapshot',
      summary: 'List a directory',
      run: (call) => ask(call, '/fs/snapshot', hostQuery(call.query)),
    },
    {
      method: 'GET',
      path: '/runtimes/:instance/fs/search',
      summary: 'Search names or texts of files',
      run: (call) => ask(call, '/fs/search', hostQuery(call.query)),
    },
    {
      method: 'GET',
      path: '/runtimes/:instance/fs/commands',
      summary: 'Commands that agents of the instance know',
      run: async (call) => ok(await commandsOf(call)),
    },
    ...gitRoutes('/runtimes/:instance', (call, request) =>
      service.fetchInstance(call.by, call.param('instance'), request),
    ),
  ]

  /** Those of the session that changed last: before it starts, an agent says nothing. Has no errors in the contract. */
  async function commandsOf({ by, param }: Call) {
    const sessions = await service.listSessions(by)
    const ofInstance = sessions.filter(({ runtime }) => runtime === param('instance')).slice(0, maxLooked)
    for (const { id } of ofInstance) {
      const commands = await service.sessionCommands(by, id).catch(noneIfGone)
      if (commands.length > 0) return commands
    }
    return []
  }
}

function noneIfGone(error: unknown): [] {
  if (isParleyError(error)) return []
  throw error
}

/** What is no JSON counts as nothing. */
async function bodyOrNothing(call: Call): Promise<Record<string, unknown>> {
  try {
    return await objectOf(call)
  } catch (error) {
    if (isParleyError(error, kernelErrors.malformedJson().code)) return {}
    throw error
  }
}
