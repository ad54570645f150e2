import type {
  AgentTemplate,
  RuntimeInstance,
  SessionMeta,
  SessionRuntimeInfo,
  SessionsStorage,
  StoredSession,
  WebhookConfig,
} from '@parley/sessions'

/** A storage as users of the original wrote it: the fifteen methods of 0.1.1, in memory, and no others. */
export class OldStorage implements SessionsStorage {
  readonly templates = new Map<string, AgentTemplate>()
  readonly managed = new Set<string>()
  readonly sessions = new Map<string, StoredSession>()
  readonly instances = new Map<string, RuntimeInstance>()

  async seedAgentTemplates(templates: AgentTemplate[]): Promise<void> {
    for (const id of this.managed) this.templates.delete(id)
    this.managed.clear()
    for (const template of templates) {
      this.managed.add(template.id)
      this.templates.set(template.id, template)
    }
  }

  async listAgentTemplates(): Promise<AgentTemplate[]> {
    return [...this.templates.values()]
  }

  async getAgentTemplate(id: string): Promise<AgentTemplate | null> {
    return this.templates.get(id) ?? null
  }

  async saveAgentTemplate(template: AgentTemplate): Promise<void> {
    this.templates.set(template.id, template)
  }

  async updateAgentTemplate(
    id: string,
    { runtime, ...rest }: { name?: string; runtime?: Partial<AgentTemplate['runtime']> },
  ): Promise<AgentTemplate | null> {
    const template = this.templates.get(id)
    if (!template) return null
    const changed = { ...template, ...rest, runtime: { ...template.runtime, ...runtime } }
    this.templates.set(id, changed)
    return changed
  }

  async createSession(
    meta: SessionMeta,
    runtimeInfo?: SessionRuntimeInfo,
    webhooks: WebhookConfig[] = [],
  ): Promise<void> {
    this.sessions.set(meta.id, { meta, runtimeInfo: runtimeInfo ?? null, webhooks })
  }

  // Without `title`, which came later.
  async updateSession(
    id: string,
    patch: { lastUpdatedAt?: string; pendingPermission?: SessionMeta['pendingPermission'] },
  ): Promise<void> {
    const stored = this.sessions.get(id)
    if (stored) this.sessions.set(id, { ...stored, meta: { ...stored.meta, ...patch } })
  }

  async getSessionMeta(id: string): Promise<SessionMeta | null> {
    return this.sessions.get(id)?.meta ?? null
  }

  async getStoredSession(id: string): Promise<StoredSession | null> {
    return this.sessions.get(id) ?? null
  }

  async listAllSessions(): Promise<SessionMeta[]> {
    return [...this.sessions.values()].map(({ meta }) => meta)
  }

  async listActiveSessionsWithRuntime(): Promise<StoredSession[]> {
    return [...this.sessions.values()].filter(({ meta }) => meta.status === 'active')
  }

  async finalizeSession(id: string, _reason: 'terminated'): Promise<void> {
    const stored = this.sessions.get(id)
    if (stored) this.sessions.set(id, { ...stored, meta: { ...stored.meta, status: 'killed' } })
  }

  async saveRuntimeInstance(instance: RuntimeInstance): Promise<void> {
    this.instances.set(instance.name, instance)
  }

  async listRuntimeInstances(): Promise<RuntimeInstance[]> {
    return [...this.instances.values()]
  }

  async deleteRuntimeInstance(name: string): Promise<void> {
    this.instances.delete(name)
  }
}
