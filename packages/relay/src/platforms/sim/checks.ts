// Refuses what a simulated platform does not take: the controls are reached by forms and by tests.

import { relayErrors } from '../../errors.js'
import type { SimChat, SimControls, SimScope, SimUser } from '../sim-port.js'
import { simBounds, simMediaBytes } from './limits.js'
import type { World } from './world.js'

type Said = Parameters<SimControls['say']>[0]

const chatTypes: readonly SimChat['type'][] = ['dm', 'group', 'thread', 'forum']

export function assertUser(world: World, { id, name }: SimUser): void {
  assertName('user.id', id)
  assertName('user.name', name)
  assertRoom('users', world.users, id)
}

export function assertScope(world: World, { id, name, members }: SimScope): void {
  assertName('scope.id', id)
  assertName('scope.name', name)
  assertMembers('scope.members', members)
  assertRoom('scopes', world.scopes, id)
}

export function assertChat(world: World, chat: SimChat): void {
  assertName('chat.id', chat.id)
  assertName('chat.name', chat.name)
  if (!chatTypes.includes(chat.type)) refuse(`chat.type must be one of ${chatTypes.join(', ')}`)
  if (chat.scopeId !== null) assertName('chat.scopeId', chat.scopeId)
  if (chat.members !== null) assertMembers('chat.members', chat.members)
  if (chat.type === 'dm' && chat.members?.length !== 1) refuse('a direct chat has exactly one member')
  if (chat.parentId !== null && !world.chats.has(chat.parentId)) refuse('chat.parentId names no chat')
  if (chat.parentId === chat.id) refuse('a chat can not be its own parent')
  assertRoom('chats', world.chats, chat.id)
}

export function assertSaid(world: World, said: Said): void {
  assertName('userId', said.userId)
  assertName('chatId', said.chatId)
  for (const name of ['messageId', 'replyTo', 'scopeId'] as const)
    if (said[name] !== undefined && said[name] !== null) assertName(name, said[name])
  if (said.chatType !== undefined && !chatTypes.includes(said.chatType))
    refuse(`chatType must be one of ${chatTypes.join(', ')}`)
  assertText(said.text)
  assertFiles(said.media ?? [])
  assertRoom('users', world.users, said.userId)
  assertRoom('chats', world.chats, said.chatId)
  if (typeof said.scopeId === 'string') assertRoom('scopes', world.scopes, said.scopeId)
}

/** Texts of a command that is typed. */
export function assertCommand(name: string, options: readonly { name: string; value: string }[]): void {
  assertName('name', name)
  if (options.length > 25) refuse('a command takes at most 25 options')
  for (const option of options) {
    assertName('option.name', option.name)
    assertText(option.value)
  }
}

function assertFiles(files: NonNullable<Said['media']>): void {
  if (files.length > simBounds.filesPerMessage)
    refuse(`a message takes at most ${simBounds.filesPerMessage} files`)
  for (const { filename, mime } of files) {
    assertName('filename', filename)
    assertName('mime', mime)
  }
  const size = files.reduce((sum, { bytes }) => sum + bytes.length, 0)
  if (size > simMediaBytes) refuse(`files of a message are limited to ${simMediaBytes} bytes`)
}

function assertMembers(name: string, members: readonly string[]): void {
  if (members.length > simBounds.users) refuse(`${name} are too many`)
  for (const id of members) assertName(name, id)
}

function assertText(text: unknown): void {
  if (typeof text !== 'string' || text.length > simBounds.textLength)
    refuse(`text must be a string of at most ${simBounds.textLength} characters`)
}

function assertName(name: string, value: unknown): void {
  if (typeof value !== 'string' || value === '' || value.length > simBounds.nameLength)
    refuse(`${name} must be a string of 1 to ${simBounds.nameLength} characters`)
}

function assertRoom(
  name: 'users' | 'chats' | 'scopes',
  known: { size: number; has(id: string): boolean },
  id: string,
): void {
  if (!known.has(id) && known.size >= simBounds[name]) refuse(`there are too many ${name}`)
}

export function refuse(message: string): never {
  throw relayErrors.invalidRequest({ message })
}
