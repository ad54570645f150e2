// What a new session runs (section 1.4, step 1).

import type { Principal } from '@parley/kernel/principal'
import { sessionsErrors } from '../../errors.js'
import type { AgentSpawn, CreateSessionBody } from '../../protocol/index.js'
import type { CoreDeps } from '../core.js'
import { assertScope } from '../gate.js'
import { assertRuntime } from '../templates.js'

export type Definition = {
  agentName: string
  spawn: AgentSpawn
  runtimeType: string
  setup?: string
  env: Record<string, string>
}

/**
 * A template's, or an ad-hoc one, for which the scope of the machine is needed. Throws `sessions.forbidden` and
 * `sessions.invalid_request`.
 */
export async function resolveDefinition(
  deps: CoreDeps,
  by: Principal,
  { agentTemplateId, spawn, name }: CreateSessionBody,
): Promise<Definition> {
  if ((agentTemplateId === undefined) === (spawn === undefined))
    throw sessionsErrors.invalidRequest({ message: 'Exactly one of agentTemplateId and spawn is needed' })
  assertScope(by, 'sessions:use')
  if (agentTemplateId !== undefined) return ofTemplate(deps, agentTemplateId)
  assertScope(by, 'sessions:machine')
  return adHoc(deps, spawn!, name)
}

async function ofTemplate({ store, runtimes }: CoreDeps, id: string): Promise<Definition> {
  const template = await store.templates.find(id)
  if (!template) throw sessionsErrors.invalidRequest({ message: `Unknown agent template "${id}"` })
  const { name, spawn, runtime, env } = template
  assertRuntime(runtimes, runtime.provider)
  return {
    agentName: name,
    spawn,
    runtimeType: runtime.provider,
    ...(runtime.setup !== undefined && { setup: runtime.setup }),
    env: { ...runtime.env, ...env },
  }
}

function adHoc({ runtimes }: CoreDeps, { command, args }: AgentSpawn, name: string | undefined): Definition {
  if (command === '') throw sessionsErrors.invalidRequest({ message: 'spawn.command must not be empty' })
  const agentName = name?.trim() || [command, ...args].join(' ')
  const runtimeType = Object.hasOwn(runtimes, 'local') ? 'local' : Object.keys(runtimes)[0]!
  return { agentName, spawn: { command, args }, runtimeType, env: {} }
}
