import type { OperatorRoute } from './operator-routes.js'

const reading = { method: 'GET', scope: 'relay:read' } as const
const writing = { method: 'POST', scope: 'relay:write' } as const
const bot = '/bots/:platform/:botId'

/** The simulated platform of a bot. Only without a tenant. */
export const simRoutes = {
  world: {
    ...reading,
    path: `${bot}/sim`,
    answer: 'object',
    summary: 'Read the users, scopes and chats of a simulated platform, who types there, and its faults',
  },
  messages: {
    ...reading,
    path: `${bot}/sim/messages`,
    query: ['chatId', 'after', 'limit'],
    answer: 'items',
    summary: 'List messages of a simulated chat, oldest first',
  },
  addUser: {
    ...writing,
    path: `${bot}/sim/users`,
    hasBody: true,
    answer: 'nothing',
    summary: 'Add a user to a simulated platform',
  },
  addScope: {
    ...writing,
    path: `${bot}/sim/scopes`,
    hasBody: true,
    answer: 'nothing',
    summary: 'Add a scope to a simulated platform',
  },
  addChat: {
    ...writing,
    path: `${bot}/sim/chats`,
    hasBody: true,
    answer: 'nothing',
    summary: 'Add a chat to a simulated platform',
  },
  say: {
    ...writing,
    path: `${bot}/sim/say`,
    hasBody: true,
    answer: 'object',
    status: 201,
    summary: 'Write as a user of a simulated platform',
  },
  press: {
    ...writing,
    path: `${bot}/sim/press`,
    hasBody: true,
    answer: 'nothing',
    summary: 'Press a button as a user of a simulated platform',
  },
  command: {
    ...writing,
    path: `${bot}/sim/command`,
    hasBody: true,
    answer: 'nothing',
    summary: 'Type a command of the platform as a user of a simulated one',
  },
  faults: {
    ...writing,
    method: 'PATCH',
    path: `${bot}/sim/faults`,
    hasBody: true,
    answer: 'object',
    summary: 'Choose what goes wrong on a simulated platform',
  },
} as const satisfies Record<string, OperatorRoute>

export type SimRouteName = keyof typeof simRoutes
