// Agent templates (section 2.3).

import type { Ground } from '@parley/kernel/ground'
import { hasScope, type Principal } from '@parley/kernel/principal'
import { namedTemplateNotFound, sessionsErrors } from '../errors.js'
import type { AgentTemplate, AgentTemplateRuntime, RegisterAgentTemplateBody } from '../protocol/index.js'
import type { SessionsStore, TemplateRow } from '../store/port.js'
import type { CoreDeps } from './core.js'
import { assertScope } from './gate.js'
import { newUuid } from './uuid.js'
import { toTemplate } from './views.js'

/** Managed ones in configured order, then those of users. Environments and setup scripts are shown to whoever may write them. */
export async function listAgentTemplates({ store }: CoreDeps, by: Principal): Promise<AgentTemplate[]> {
  assertScope(by, 'sessions:use')
  const templates = (await store.templates.list()).map(toTemplate)
  return hasScope(by, 'sessions:machine') ? templates : templates.map(withoutSecrets)
}

/** Setup scripts hold keys as easily as environments do. */
function withoutSecrets({ env: _env, runtime, ...template }: AgentTemplate): AgentTemplate {
  const { env: _runtimeEnv, setup: _setup, ...rest } = runtime
  return { ...template, runtime: rest }
}

export async function registerAgentTemplate(
  { ground, store, runtimes, mirror }: CoreDeps,
  by: Principal,
  { name, spawn, runtime = {}, env }: RegisterAgentTemplateBody,
): Promise<AgentTemplate> {
  assertScope(by, 'sessions:machine')
  const { provider = Object.keys(runtimes)[0]!, setup, env: runtimeEnv } = runtime
  assertRuntime(runtimes, provider)
  const row: TemplateRow = {
    id: newUuid(ground.ids),
    name,
    spawn,
    runtime: { provider, ...(setup !== undefined && { setup }), ...(runtimeEnv && { env: runtimeEnv }) },
    env: env ?? null,
    managedPosition: null,
    createdAt: ground.clock.micros(),
  }
  await ground.log.commit({ ops: [store.templates.insert(row)], appends: [] })
  const template = toTemplate(row)
  await mirror.savedTemplate(template)
  return template
}

/** Merges `runtime`, replaces the rest. Throws `sessions.template_not_found`, `sessions.invalid_request`. */
export async function updateAgentTemplate(
  { ground, store, runtimes, mirror }: CoreDeps,
  by: Principal,
  id: string,
  patch: Partial<RegisterAgentTemplateBody>,
): Promise<AgentTemplate> {
  assertScope(by, 'sessions:machine')
  const row = await store.templates.find(id)
  if (!row) throw namedTemplateNotFound(id)
  const { name, spawn, runtime, env } = patch
  if (runtime?.provider !== undefined) assertRuntime(runtimes, runtime.provider)
  const merged: AgentTemplateRuntime = { ...row.runtime, ...runtime }
  const change = {
    ...(name !== undefined && { name }),
    ...(spawn && { spawn }),
    ...(runtime && { runtime: merged }),
    ...(env && { env }),
  }
  const { outcome } = await ground.log.commit({ ops: [store.templates.change(id, change)], appends: [] })
  if (outcome !== 'committed') throw namedTemplateNotFound(id)
  await mirror.updatedTemplate(id, { ...change, ...(runtime && { runtime }) })
  return toTemplate({ ...row, ...change })
}

/** Throws `sessions.template_not_found`, and `sessions.template_managed` for one of the configuration's. */
export async function deleteAgentTemplate(
  { ground, store }: CoreDeps,
  by: Principal,
  id: string,
): Promise<void> {
  assertScope(by, 'sessions:machine')
  const { outcome } = await ground.log.commit({ ops: [store.templates.remove(id)], appends: [] })
  if (outcome === 'committed') return
  if (await store.templates.find(id)) throw sessionsErrors.templateManaged()
  throw namedTemplateNotFound(id)
}

/** Brings the managed templates to what is configured. */
export async function seedTemplates(
  { ground, store }: { ground: Ground; store: Pick<SessionsStore, 'templates'> },
  templates: readonly AgentTemplate[],
): Promise<void> {
  const createdAt = ground.clock.micros()
  const rows = templates.map(
    ({ id, name, spawn, runtime, env = null }, managedPosition): TemplateRow => ({
      id,
      name,
      spawn,
      runtime,
      env,
      managedPosition,
      createdAt,
    }),
  )
  await ground.log.commit({ ops: store.templates.seed(rows), appends: [] })
}

/** Throws `sessions.invalid_request` for a runtime type that is not registered. */
export function assertRuntime(runtimes: CoreDeps['runtimes'], name: string): void {
  if (Object.hasOwn(runtimes, name)) return
  throw sessionsErrors.invalidRequest({
    message: `Unknown runtime: "${name}". Available: ${Object.keys(runtimes).join(', ')}`,
  })
}
