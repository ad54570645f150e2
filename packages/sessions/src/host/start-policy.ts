// What a host's operator lets a server start (section 13.9).
import { isJsonObject } from '@parley/kernel/wire'
import { HostError } from './errors.js'
import { confine } from './files/index.js'
import type { HostRoute } from './port.js'

/** An agent that may be started. `env` is set for it; what the server sends beside it is left out. */
export type AllowedAgent = {
  command: string
  args: readonly string[]
  env?: Readonly<Record<string, string>>
}

export type StartPolicy = {
  /** `any`: whatever the server asks for. */
  agents: 'any' | readonly AllowedAgent[]
  /** Sessions live inside these; undefined: anywhere. */
  roots?: readonly string[]
}

/** The routes, with `start` refusing (403) what the policy does not allow. */
export function withStartPolicy(routes: readonly HostRoute[], policy: StartPolicy): HostRoute[] {
  return routes.map((route) => {
    const [method, pattern, handler] = route
    if (method !== 'POST' || pattern !== '/sessions/:id/start') return route
    return [method, pattern, async (call) => handler({ ...call, body: await allowed(call.body, policy) })]
  })
}

async function allowed(body: unknown, { agents, roots }: StartPolicy): Promise<unknown> {
  // What is no start at all is refused by the handler, in its words.
  if (!isJsonObject(body)) return body
  const agent = agents === 'any' ? undefined : agents.find((one) => isSame(one, body))
  if (agents !== 'any' && !agent) throw new HostError(403, 'command not allowed')
  const { workspace } = body
  const place = roots && typeof workspace === 'string' ? await confine(roots, workspace) : undefined
  return { ...body, ...(place && { workspace: place.real }), ...(agent && { env: agent.env ?? {} }) }
}

function isSame(agent: AllowedAgent, { command, args = [] }: Record<string, unknown>): boolean {
  return agent.command === command && JSON.stringify(agent.args) === JSON.stringify(args)
}
