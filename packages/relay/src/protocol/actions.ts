/** Hints that come with an action (contract 5.2). Claims of an untrusted peer, never authority. */
export type ActionMetadata = {
  scope_id?: string
  guild_id?: string
  user_id?: string
  profile?: string
  thread_id?: string
  thread_ts?: string
  reply_to_message_id?: string
  message_id?: string
  format_hints?: { rich_blocks?: boolean; markdown_blocks?: boolean }
  unfurl_links?: boolean
  unfurl_media?: boolean
  [name: string]: unknown
}

type InChat = { chat_id: string; metadata?: ActionMetadata }
type Replying = { reply_to?: string | null }

export type SendAction = InChat & Replying & { op: 'send'; content: string }
export type EditAction = InChat & { op: 'edit'; message_id: string; content: string }
export type TypingAction = InChat & { op: 'typing'; content?: string }
export type FollowUpAction = {
  op: 'follow_up'
  session_key: string
  /** For example `discord.interaction_token`. */
  kind: string
  content: string
  metadata?: ActionMetadata
}
export type ChatInfoAction = { op: 'get_chat_info'; chat_id: string; metadata?: ActionMetadata }
export type SendMediaAction = InChat &
  Replying & {
    op: 'send_media'
    media_kind: MediaKind
    /** A re-host reference of the connector, or a public http(s) URL. */
    source_url: string
    /** The caption; may be empty. */
    content: string
    filename?: string
  }
export type PromptAction = InChat &
  Replying & {
    op: 'prompt'
    prompt_kind: string
    prompt_id: string
    content: string
    options: PromptOption[]
    timeout_s?: number
  }
export type ReactAction = InChat & { op: 'react'; message_id: string; emoji: string; remove?: boolean }
export type ThreadCreateAction = InChat & { op: 'thread_create'; thread_name: string; message_id?: string }
export type ThreadRenameAction = InChat & {
  op: 'thread_rename'
  /** The thread's id. */
  message_id: string
  thread_name: string
  only_if_current_name?: string
  only_if_connector_created?: boolean
}
export type DeleteAction = InChat & { op: 'delete'; message_id: string }

export type MediaKind = 'image' | 'voice' | 'audio' | 'video' | 'document'
export type PromptOption = {
  id: string
  label: string
  style?: 'primary' | 'success' | 'danger' | 'secondary'
}

/** What a gateway may ask for (contract 5.1). */
export type OutboundAction =
  | SendAction
  | EditAction
  | TypingAction
  | FollowUpAction
  | ChatInfoAction
  | SendMediaAction
  | PromptAction
  | ReactAction
  | ThreadCreateAction
  | ThreadRenameAction
  | DeleteAction

/** What became of it (2.9). `ambiguous`: it may have been applied. */
export type OutboundResult =
  | {
      success: true
      message_id?: string
      thread_id?: string
      auto_thread_name?: string
      chat_info?: ChatInfo
    }
  | { success: false; error: string; ambiguous?: true; code?: string }

/** Other members are kept. */
export type ChatInfo = { name: string; type: string; [name: string]: unknown }
