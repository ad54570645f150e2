import { type RawBuilder, sql } from 'kysely'

/** The columns of an instance's key, as every table of its things begins. */
type Key = { tenant: string; instance_id: string }
type Bot = { platform: string; bot_id: string }

/** Tables as the database sees them: JSON is text, times are microseconds, truth is 0 or 1, names went through `toName`. */
export type RelayTables = {
  relay_bots: Bot & {
    driver: string
    label: string
    username: string | null
    settings: string
    sealed: string | null
    tenants: string | null
    is_enabled: number
    created_at: number
  }
  relay_provisioned: Bot & { tenant: string; at: number }
  relay_commands: Bot & { tenant: string; manifest: string }
  relay_gateways: Key & {
    gateway_id: string
    /** Sealed text of the first secret, for comparing. */
    primary_sealed: string
    secrets: string
    created_at: number
    revoked_at: number | null
    last_seen_at: number | null
  }
  relay_enrolments: {
    hash: string
    tenant: string
    created_at: number
    expires_at: number
    used_at: number | null
    gateway_id: string | null
  }
  relay_instances: Key & {
    stream: string
    display_name: string | null
    wake_url: string | null
    state: string
    node: string | null
    epoch: number
    live_until: number | null
    poked_at: number | null
    acked_at: number | null
    appended: number
    /** Bytes of all entries that were ever appended. */
    appended_bytes: number
    /** Entries up to this position were dropped because the buffer was full. */
    floor: number
    /** Events of the stream before this one were trimmed. */
    trimmed: number
    dropped: number
    created_at: number
  }
  relay_entries: Key & {
    position: number
    buffer_id: string
    kind: string
    bytes: number
    /** `appended_bytes` of the instance with this entry: what waits can be told from the oldest entry alone. */
    bytes_end: number
    created_at: number
    expires_at: number
    deliveries: number
  }
  relay_bindings: Key & {
    platform: string
    user_id: string
    linked_at: number
    dm_default_at: number | null
  }
  relay_link_codes: Key & { hash: string; platform: string; expires_at: number }
  relay_route_keys: { platform: string; key: string; tenant: string; at: number }
  relay_grants: Key & { platform: string; scope_id: string; chat_id: string; created_at: number }
  relay_policies: Key & { platform: string; principals: string | null; relevance: string | null }
  relay_conversations: Key &
    Bot & {
      chat_id: string
      user_id: string
      chat_type: string
      chat_name: string | null
      scope_id: string | null
      thread_id: string | null
      session_key: string
      last_seen_at: number
    }
  relay_session_routes: Key & { session_key: string; chat_id: string; last_seen_at: number }
  relay_vault: Key &
    Bot & { session_key: string; kind: string; sealed: string; expires_at: number; uses: number }
  relay_prompts: Key &
    Bot & {
      prompt_id: string
      chat_id: string
      message_id: string | null
      options: string
      rung: string
      created_at: number
      expires_at: number
    }
  relay_receipts: Key &
    Bot & {
      id: string
      gateway_id: string
      request_id: string
      op: string
      chat_id: string
      action: string
      state: string
      node: string | null
      attempts: number
      message_id: string | null
      rung: string | null
      error: string | null
      created_at: number
      updated_at: number
    }
  relay_media: {
    id: string
    mime: string
    size: number
    filename: string
    owner_tenant: string | null
    owner_instance_id: string | null
    created_at: number
    expires_at: number
  }
  relay_media_tenants: { tenant: string; media_id: string }
  relay_media_chunks: { media_id: string; position: number; bytes: Uint8Array; created_at: number }
  relay_settings: { name: string; value: string }
}

/**
 * What partial indexes are limited to. Queries say it with the same words, without parameters: an engine uses such an index
 * only where it sees that the query implies it.
 */
export const isHeld = (): RawBuilder<boolean> => sql<boolean>`node is not null`
export const isUnsettled = (): RawBuilder<boolean> => sql<boolean>`state in ('queued', 'parked', 'dead')`
