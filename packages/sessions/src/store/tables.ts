import { type RawBuilder, sql } from 'kysely'

/** Tables as the database sees them: JSON is text, times are microseconds, truth is 0 or 1. */
export type SessionsTables = {
  sessions: {
    id: string
    /** The tenant itself, in its canonical text. */
    tenant_key: string
    owner: string
    agent_name: string
    spawn: string
    cwd: string | null
    title: string | null
    status: string
    runtime_type: string
    instance: string
    runtime_info: string | null
    host_id: string | null
    started_at: number
    updated_at: number
    processing: number
    auto_approve: number
    queue: string | null
    commands: string
    callback_hash: string
    calls_back: number
    ended: string | null
  }
  session_webhooks: {
    session_id: string
    id: string
    position: number
    url: string
    /** Stored as it is: whoever reads the database can sign. */
    secret: string
    events: string | null
  }
  session_permissions: {
    session_id: string
    request_id: string
    decision_id: string
    request: string
    state: string
    asked_at: number
  }
  agent_templates: {
    id: string
    name: string
    spawn: string
    runtime: string
    env: string | null
    managed_position: number | null
    created_at: number
  }
  runtime_instances: { name: string; type_name: string; status: string; created_at: number }
  hosts: {
    id: string
    name: string
    token_hash: string
    acked_epoch: string | null
    acked_n: number | null
    lost_at: number | null
    created_at: number
  }
  host_calls: {
    key: string
    host_id: string
    session_id: string
    rank: number
    method: string
    path: string
    body: string | null
    created_at: number
  }
  queued_messages: {
    id: number
    tenant_key: string
    sender: string
    session_id: string | null
    text: string
    runtime: string
    agent: string
    agent_template_id: string | null
    directory: string | null
    status: string
    created_at: number
    sent_at: number | null
  }
  /** One row. */
  sessions_settings: { auto_approve: number }
}

/**
 * What partial indexes are limited to. Queries say it with the same words, without parameters: an engine uses such an index
 * only where it sees that the query implies it.
 */
export const isActive = (): RawBuilder<boolean> => sql<boolean>`status = 'active'`
export const isOpen = (): RawBuilder<boolean> => sql<boolean>`state = 'open'`
export const isDeciding = (): RawBuilder<boolean> => sql<boolean>`state = 'deciding'`
export const isUnsent = (): RawBuilder<boolean> => sql<boolean>`status <> 'sent'`
