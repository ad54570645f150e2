// What one tenant tries on another.
import { guild, type Known } from './two-tenants.js'

export type Ids = { chat: string; message: string; thread: string; source: string }
const options = [{ id: 'once', label: 'Once' }]

/** Every op that names a chat. */
export const ops: Record<string, (ids: Ids) => object> = {
  send: ({ chat }) => ({ op: 'send', chat_id: chat, content: 'from B' }),
  'send, as a reply': ({ chat, message }) => ({
    op: 'send',
    chat_id: chat,
    content: 'from B',
    reply_to: message,
  }),
  edit: ({ chat, message }) => ({ op: 'edit', chat_id: chat, message_id: message, content: 'from B' }),
  delete: ({ chat, message }) => ({ op: 'delete', chat_id: chat, message_id: message }),
  react: ({ chat, message }) => ({
    op: 'react',
    chat_id: chat,
    message_id: message,
    emoji: '👀',
    remove: false,
  }),
  typing: ({ chat }) => ({ op: 'typing', chat_id: chat }),
  'typing, cleared': ({ chat }) => ({ op: 'typing', chat_id: chat, content: '' }),
  get_chat_info: ({ chat }) => ({ op: 'get_chat_info', chat_id: chat }),
  send_media: ({ chat, source }) => ({
    op: 'send_media',
    chat_id: chat,
    media_kind: 'document',
    source_url: source,
    content: '',
  }),
  prompt: ({ chat }) => ({
    op: 'prompt',
    chat_id: chat,
    prompt_kind: 'choice',
    prompt_id: 'p1',
    content: 'Which?',
    options,
  }),
  thread_create: ({ chat }) => ({ op: 'thread_create', chat_id: chat, thread_name: 'mine' }),
  'thread_create, on a message': ({ chat, message }) => ({
    op: 'thread_create',
    chat_id: chat,
    thread_name: 'mine',
    message_id: message,
  }),
  thread_rename: ({ chat, thread }) => ({
    op: 'thread_rename',
    chat_id: chat,
    message_id: thread,
    thread_name: 'mine',
  }),
  'thread_rename, guarded': ({ chat, thread }) => ({
    op: 'thread_rename',
    chat_id: chat,
    message_id: thread,
    thread_name: 'mine',
    only_if_connector_created: true,
  }),
}

/** What B may claim of itself, and of A. */
export const claims: Record<string, (known: Known) => object | undefined> = {
  nothing: () => undefined,
  "A's scope and person": () => ({ scope_id: guild, guild_id: guild, user_id: 'ana' }),
  "A's person": () => ({ user_id: 'ana' }),
  "A's scope and B's person": () => ({ scope_id: guild, user_id: 'ben' }),
  'a thread, a message, a profile': ({ thread, said }) => ({
    thread_id: thread,
    thread_ts: thread,
    message_id: said,
    reply_to_message_id: said,
    profile: 'inst-a',
    tenant: 'org-a',
    instance_id: 'inst-a',
  }),
  'no texts': () => ({ scope_id: 1, guild_id: [guild], user_id: { id: 'ana' } }),
}
