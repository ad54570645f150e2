/** Who wrote where (contract 4.4). The first eight members are always present; all ids are strings. */
export type SessionSource = {
  platform: string
  /** Globally unique on its platform. */
  chat_id: string
  /** `dm`, `group`, `channel`, `thread` or `forum`. Guild channels are `group`. */
  chat_type: string
  chat_name: string | null
  user_id: string | null
  user_name: string | null
  thread_id: string | null
  chat_topic: string | null
  user_id_alt?: string
  chat_id_alt?: string
  /** The same as `scope_id`, for gateways of the first era. */
  guild_id?: string
  /** Guild, workspace or server. */
  scope_id?: string
  parent_chat_id?: string
  message_id?: string
  /** Target profile inside a gateway with several; changes the namespace of the session's key. */
  profile?: string
  user_display_name?: string
  user_handle?: string
  auto_thread_created?: boolean
  auto_thread_initial_name?: string
  prospective_thread_id?: string
  is_bot?: boolean
  message_is_edit?: boolean
  one_to_one_verified?: boolean
}

export const messageTypes = [
  'text',
  'location',
  'photo',
  'video',
  'audio',
  'voice',
  'document',
  'sticker',
  'command',
] as const
export type MessageType = (typeof messageTypes)[number]

/** A file of a message (4.2). Readers match it to `media_urls` by `url`. */
export type MediaItem = {
  url: string
  /** `image`, `voice`, `audio`, `video` or `document`. */
  kind: string
  mime: string
  size: number
  filename: string
  caption: string
}

/** What was said before, oldest first (4.3). For reference: it never starts a turn. */
export type ContextItem = { text: string; source: { user_name?: string; user_id?: string } }

/** A press on a prompt's control (5.7). */
export type PromptResponse = {
  prompt_id: string
  option_id: string
  label?: string
  prompt_message_id?: string | null
}

/** One message of a chat (4.2). */
export type MessageEvent = {
  text: string
  message_type: MessageType
  source: SessionSource
  message_id?: string | null
  reply_to_message_id?: string | null
  media_urls?: string[]
  reply_to?: { text?: string; author?: string; is_own?: boolean }
  media?: MediaItem[]
  context?: ContextItem[]
  context_error?: boolean
  prompt_response?: PromptResponse
}
