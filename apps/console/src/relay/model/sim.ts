import type { SimChat, SimCommand, SimFaults, SimUser, SimWorld } from '@parley/relay/protocol'

/** An id that is made of a name: `Ada Lovelace` is `ada-lovelace`. */
export const idOf = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')

/** The direct chat of a person with the bot. */
export const directChatOf = ({ id, name }: SimUser): SimChat => ({
  id: `dm-${id}`,
  type: 'dm',
  name,
  scopeId: null,
  parentId: null,
  members: [id],
})

export type ChatGroup = { title: string; chats: SimChat[] }

/** Chats as a list shows them: direct ones, then those of each scope; threads stand below what they belong to. */
export function groupChats({ chats, scopes }: Pick<SimWorld, 'chats' | 'scopes'>): ChatGroup[] {
  const scopeIds = [...new Set(chats.flatMap(({ scopeId }) => scopeId ?? []))]
  const nameOf = (id: string) => scopes.find((scope) => scope.id === id)?.name ?? id
  const groups = [
    { title: 'Direct', chats: chats.filter(({ type }) => type === 'dm') },
    { title: 'Groups', chats: chats.filter(({ type, scopeId }) => type !== 'dm' && scopeId === null) },
    ...scopeIds.map((id) => ({
      title: nameOf(id),
      chats: chats.filter(({ type, scopeId }) => type !== 'dm' && scopeId === id),
    })),
  ]
  return groups
    .filter((group) => group.chats.length > 0)
    .map((group) => ({ ...group, chats: withThreads(group.chats) }))
}

function withThreads(chats: readonly SimChat[]): SimChat[] {
  const ids = new Set(chats.map(({ id }) => id))
  const tops = chats.filter(({ parentId }) => parentId === null || !ids.has(parentId))
  return tops.flatMap((top) => [top, ...chats.filter(({ parentId }) => parentId === top.id)])
}

/** Who can write in a chat: in a direct one its person, elsewhere everybody; who is not in it yet joins. */
export function writersOf(chat: SimChat, users: readonly SimUser[]): SimUser[] {
  if (chat.type !== 'dm') return [...users]
  return users.filter(({ id }) => chat.members?.includes(id))
}

/** How a chat is called where others stand beside it. */
export const chatTitle = ({ type, name, parentId }: SimChat): string =>
  type === 'dm' ? name : `${parentId === null ? '#' : '↳ '}${name}`

type Typed = Omit<SimCommand, 'userId' | 'chatId'>

/** The command that a text is, where the platform has commands of its own: what follows its name is its first option. */
export function commandIn(text: string, commands: SimWorld['commands']): Typed | undefined {
  const [, name, rest = ''] = /^\/([^\s]+)(?:\s+([\s\S]*))?$/.exec(text.trim()) ?? []
  const known = commands.find((command) => command.name === name)
  if (!known) return undefined
  const [first] = optionsOf(known)
  return { name: known.name, ...(first && rest !== '' && { options: [{ name: first, value: rest }] }) }
}

/** Names of a command's options. */
export const optionsOf = ({ options = [] }: SimWorld['commands'][number]): string[] =>
  options.flatMap((option) => {
    const { name } = (option ?? {}) as { name?: unknown }
    return typeof name === 'string' ? [name] : []
  })

/** What goes wrong on purpose, in words; empty: nothing does. */
export function faultWords({
  outage,
  ambiguousShare,
  duplicateShare,
  reorderShare,
  callsPerSecond,
}: SimFaults): string[] {
  return [
    ...(outage ? ['it is down'] : []),
    ...(ambiguousShare > 0 ? [`${percent(ambiguousShare)} of answers are lost`] : []),
    ...(duplicateShare > 0 ? [`${percent(duplicateShare)} of messages come twice`] : []),
    ...(reorderShare > 0 ? [`${percent(reorderShare)} come late`] : []),
    ...(callsPerSecond > 0 ? [`${callsPerSecond} ${callsPerSecond === 1 ? 'call' : 'calls'} a second`] : []),
  ]
}

export const percent = (share: number): string => `${Math.round(share * 100)} %`
