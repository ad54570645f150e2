// Types of the contract's `/storage` (section 14.6).

import type { RuntimeInstance, SessionEndReason } from './runtime.js'
import type {
  AgentTemplate,
  AgentTemplateRuntime,
  PendingPermission,
  Session,
  WebhookConfig,
} from './session.js'

export type SessionMeta = Omit<Session, 'fileSystem' | 'logs' | 'promptQueue'>

export type SessionRuntimeInfo = {
  hostUrl: string
  websocketUrl: string
  runtimeName: string
  runtimeMeta?: Record<string, unknown> | null
}

export type StoredSession = {
  meta: SessionMeta
  runtimeInfo: SessionRuntimeInfo | null
  webhooks: WebhookConfig[]
}

/** One entry of the global message queue. */
export type QueuedMessage = {
  id: number
  sessionId: string | null
  text: string
  runtime: string
  agent: string
  agentTemplateId: string | null
  directory: string | null
  status: 'pending' | 'sent'
  createdAt: string
  sentAt: string | null
}

/** Body of `POST /message-queue`: what waits for a session, or makes one; only `text` is needed. */
export type EnqueueMessageBody = {
  text: string
  sessionId?: string | null
  runtime?: string
  agent?: string
  agentTemplateId?: string | null
  directory?: string | null
}

export type QueuedMessageDraft = Omit<QueuedMessage, 'id' | 'createdAt' | 'sentAt' | 'status'>

/**
 * State of sessions as the original's users store it. The fifteen first methods are required; what an optional one would
 * keep is kept by the server where it is missing.
 */
export interface SessionsStorage {
  /** Writes the managed templates in order, deletes managed ones that are not listed any more, keeps those of users. */
  seedAgentTemplates(templates: AgentTemplate[]): Promise<void>
  listAgentTemplates(): Promise<AgentTemplate[]>
  getAgentTemplate(id: string): Promise<AgentTemplate | null>
  saveAgentTemplate(template: AgentTemplate): Promise<void>
  updateAgentTemplate(
    id: string,
    patch: {
      name?: string
      spawn?: AgentTemplate['spawn']
      runtime?: Partial<AgentTemplateRuntime>
      env?: Record<string, string>
    },
  ): Promise<AgentTemplate | null>
  createSession(
    meta: SessionMeta,
    runtimeInfo?: SessionRuntimeInfo,
    webhooks?: WebhookConfig[],
  ): Promise<void>
  updateSession(
    id: string,
    patch: { lastUpdatedAt?: string; pendingPermission?: PendingPermission | null; title?: string },
  ): Promise<void>
  getSessionMeta(id: string): Promise<SessionMeta | null>
  getStoredSession(id: string): Promise<StoredSession | null>
  /** Newest `lastUpdatedAt` first. */
  listAllSessions(): Promise<SessionMeta[]>
  listActiveSessionsWithRuntime(): Promise<StoredSession[]>
  finalizeSession(id: string, reason: 'terminated'): Promise<void>
  saveRuntimeInstance(instance: RuntimeInstance): Promise<void>
  /** Oldest first. */
  listRuntimeInstances(): Promise<RuntimeInstance[]>
  deleteRuntimeInstance(name: string): Promise<void>

  enqueueMessage?(message: QueuedMessageDraft): Promise<QueuedMessage>
  listQueuedMessages?(): Promise<QueuedMessage[]>
  getNextPendingMessage?(sessionId: string): Promise<QueuedMessage | null>
  markMessageSent?(id: number): Promise<void>
  removeMessage?(id: number): Promise<void>
  clearMessageQueue?(): Promise<void>
  recordSessionEnd?(id: string, end: SessionEnd): Promise<void>
}

/** How a session ended. */
export type SessionEnd = { reason: SessionEndReason; exitCode: number | null; message: string | null }
