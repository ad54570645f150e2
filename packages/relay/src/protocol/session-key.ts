import { canonicalWhatsAppId } from './whatsapp.js'

/** What of a source decides in which session it belongs. */
export type KeySource = {
  platform: string
  chat_id: string
  chat_type: string
  user_id?: string | null
  user_id_alt?: string | null
  thread_id?: string | null
  prospective_thread_id?: string | null
  scope_id?: string | null
  profile?: string | null
}

export type SessionKeyOptions = {
  /** Everybody in a group has a session of their own. Default true. */
  groupSessionsPerUser?: boolean
  /** Also in a thread. Default false. */
  threadSessionsPerUser?: boolean
  /** Wins over the source's; null: none. */
  profile?: string | null
  /** `seed`: as gateways of the first era compute it. Default `current`. */
  era?: 'seed' | 'current'
}

/** Ids may hold `:`, so a key can't be taken apart again. Algorithm and vectors: contract 4.5. */
export function buildSessionKey(source: KeySource, options: SessionKeyOptions = {}): string {
  const { era = 'current' } = options
  const isDm = source.chat_type === 'dm'
  const chat = chatOf(source, isDm)
  const { thread, slot } = threadOf(source, isDm, era)
  const who = isIsolated(options, { isDm, chat, thread }) ? authorOf(source) : ''
  const parts = [
    namespaceOf(options.profile === undefined ? source.profile : options.profile, era),
    source.platform,
    slot,
    // WHY: channel ids of Slack are unique in their workspace only.
    source.platform === 'slack' && era === 'current' ? source.scope_id : '',
    chat,
    ...(isDm ? [who, thread] : [thread, who]),
  ]
  return parts.filter(Boolean).join(':')
}

type Era = SessionKeyOptions['era']

function namespaceOf(profile: string | null | undefined, era: Era): string {
  if (!profile || profile === 'default') return 'agent:main'
  return profile === 'main' && era === 'current' ? 'agent:main~' : `agent:${profile}`
}

function chatOf(source: KeySource, isDm: boolean): string {
  return isDm && source.platform === 'whatsapp' ? canonicalWhatsAppId(source.chat_id) : source.chat_id
}

function threadOf(source: KeySource, isDm: boolean, era: Era): { thread: string; slot: string } {
  const { chat_type: slot, thread_id: thread, prospective_thread_id: prospective } = source
  if (thread) return { thread, slot }
  return prospective && !isDm && era === 'current'
    ? { thread: prospective, slot: 'thread' }
    : { thread: '', slot }
}

function isIsolated(
  { groupSessionsPerUser = true, threadSessionsPerUser = false }: SessionKeyOptions,
  { isDm, chat, thread }: { isDm: boolean; chat: string; thread: string },
): boolean {
  if (isDm) return chat === ''
  return groupSessionsPerUser && (thread === '' || threadSessionsPerUser)
}

function authorOf(source: KeySource): string {
  const who = source.user_id_alt || source.user_id || ''
  return source.platform === 'whatsapp' ? canonicalWhatsAppId(who) : who
}
