// Types of the contract's `/runtime` (section 14.2).

/** One started unit of a runtime type: the local host process, one container, one sandbox. */
export type RuntimeInstance = {
  /** Unique over all types. */
  name: string
  typeName: string
  status: 'running' | 'stopped' | 'paused'
  /** Where clients get live events of the instance; a running one has it. */
  websocketUrl?: string
}

/** A configured backend and what is started of it. */
export type RuntimeInfo = { typeName: string; onlyOne: boolean; instances: RuntimeInstance[] }

/**
 * A backend in which agents run. `fetchSession` is the one required member: requests below a session (`/start`, `/prompt`,
 * `/queue` …, section 4). Lookups are by instance, except where a session is named.
 */
export interface Runtime<TConfig extends Record<string, unknown> = Record<never, unknown>> {
  /** Exactly one instance, named like the type. Default false. */
  readonly onlyOne?: boolean
  fetchSession(sessionId: string, request: Request): Promise<Response>
  /** Requests that concern the instance and no session: `/files`, `/fs/…`. */
  fetchInstance?(instanceId: string, request: Request): Promise<Response>
  start?(instanceId: string): Promise<void>
  stop?(instanceId: string): Promise<void>
  pause?(instanceId: string): Promise<void>
  delete?(instanceId: string): Promise<void>
  getInstanceStatus?(instanceId: string): Promise<RuntimeInstance['status'] | undefined>
  getWebsocketUrl?(instanceId: string): string | undefined
  getDefaultCwd?(): string | undefined
  dispose?(): Promise<void>
  /** What `reconnect` needs after a restart of the server; opaque to it. */
  getRuntimeMeta?(sessionId: string): Record<string, unknown> | null
  /** True when the session is still there. */
  reconnect?(sessionId: string, runtimeMeta: Record<string, unknown> | null): Promise<boolean>
  /** Never set: ties the type to its configuration. */
  readonly __config?: TConfig
}

/** Names of a registry. */
export type RuntimeNames<R extends Record<string, Runtime>> = Extract<keyof R, string>

type ConfigOf<R> = R extends Runtime<infer Config> ? Config : never

/** What a template's `runtime` may hold for a registry. */
export type RuntimeConfigFor<R extends Record<string, Runtime>> = {
  [Name in RuntimeNames<R>]: { provider: Name; setup?: string } & ConfigOf<R[Name]>
}[RuntimeNames<R>]

/** What handlers are told of a session. */
export type SessionContext<R extends Record<string, Runtime> = Record<string, Runtime>> = {
  id: string
  agentName: string
  runtime: RuntimeNames<R>
  spawn: { command: string; args: string[] }
  startedAt: string
}

/** Why a session ended. */
export type SessionEndReason = 'terminated' | 'error' | 'idle_timeout' | 'agent_exit'
