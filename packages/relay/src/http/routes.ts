import { jsonResponse, readJsonObject } from '@parley/kernel/http'
import { bearerOf } from '../protocol/index.js'
import type { Gateway } from '../service/deps.js'
import type { RelayService } from '../service/port.js'

/** One route with a JSON body. It authenticates first: who is nobody learns nothing of what is wrong with a body. */
export type Route = { path: string; summary: string; run(request: Request): Promise<unknown> }

/** Most bytes of a JSON body, and how deep it may be nested. */
const jsonLimits = { maxBytes: 65_536, maxDepth: 16 }
const done = { ok: true }

/** The routes of 8.1 to 8.5: `POST` each, 200 with what `run` answers. */
export function jsonRoutes(service: RelayService): Route[] {
  return [
    {
      path: '/relay/enroll',
      summary: 'Exchange an enrolment token for a secret',
      run: async (request) => {
        const caller = await service.authenticateCaller(bearerOf(request.headers.get('authorization')))
        return service.enroll(caller, await readJsonObject(request, jsonLimits))
      },
    },
    {
      path: '/relay/provision',
      summary: 'Say which bot a gateway fronts, and get its secret',
      run: async (request) => {
        const caller = await service.authenticateCaller(bearerOf(request.headers.get('authorization')))
        return service.provision(caller, await readJsonObject(request, jsonLimits))
      },
    },
    {
      path: '/relay/policy',
      summary: 'Replace which messages of a platform are relevant',
      run: async (request) => {
        const gateway = await service.authenticate(bearerOf(request.headers.get('authorization')))
        await service.setPolicy(gateway, await readJsonObject(request, jsonLimits))
        return done
      },
    },
    managed('link', 'Get a code for `/link`', service.createLinkCode),
    managed('scope', 'Claim a chat', service.claimScope),
    managed('scope/release', 'Release a chat', service.releaseScope),
    managed('principal', 'Say who besides the owner is listened to', service.setPrincipals),
    managed('dm-default', "Take an owner's direct messages", service.setDmDefault),
    managed('wake', 'Say where the instance is woken', service.setWakeUrl),
    managed('deprovision', 'Forget the instance', service.deprovision),
  ]

  function managed(name: string, summary: string, act: Act): Route {
    return {
      path: `/manage/${name}`,
      summary,
      run: async (request) => {
        const gateway = await service.authenticateManager(bearerOf(request.headers.get('authorization')))
        return (await act(gateway, await readJsonObject(request, jsonLimits))) ?? done
      },
    }
  }
}

type Act = (gateway: Gateway, body: unknown) => Promise<unknown>

/** The answer of a JSON route: exactly 200 (12.2, 20). */
export const answerJson = async (route: Route, request: Request): Promise<Response> =>
  jsonResponse(200, (await route.run(request)) as object)
