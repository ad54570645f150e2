import type { ListedRuntime, ListedRuntimeInstance } from '@parley/sessions/client'
import type { AgentTemplate } from '@parley/sessions/protocol'
import { useQuery } from '@tanstack/react-query'
import { told } from '../client/problems.js'
import { sessionsClient } from '../client/sessions-client.js'

export const templatesKey = ['sessions', 'templates'] as const
export const runtimesKey = ['sessions', 'runtimes'] as const

/** Agents that can be started. */
export function useTemplates() {
  return useQuery({
    queryKey: templatesKey,
    queryFn: () => told(sessionsClient().fetchAgentTemplates()),
  })
}

/** Where they can run. */
export function useRuntimes() {
  return useQuery({ queryKey: runtimesKey, queryFn: () => told(sessionsClient().fetchRuntimes()) })
}

/** Running instances for a template; none for a runtime that starts its only one by itself. */
export function instancesFor(
  runtimes: readonly ListedRuntime[],
  template: AgentTemplate | undefined,
): readonly ListedRuntimeInstance[] {
  const runtime = runtimes.find(({ typeName }) => typeName === template?.runtime.provider)
  return runtime?.instances.filter(({ status }) => status === 'running') ?? []
}
