// The routes for operators: what the server answers and the client asks for, in one table.

export type OperatorRoute = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Below the root; `:name` is a part of it that is percent-encoded. */
  path: string
  scope: 'relay:read' | 'relay:write'
  /** Names of the query. `tenant` narrows what is seen to one tenant. */
  query?: readonly string[]
  /** A JSON object is sent along. */
  hasBody?: true
  /** `items`: a list, as `{"items": […]}`. `object`: as it is. `nothing`: 204. */
  answer: 'items' | 'object' | 'nothing'
  /** Default 200, or 204 without an answer. */
  status?: 201
  summary: string
}

/** Where the routes begin. */
export const operatorRoot = '/parley/v1/relay'

const reading = { method: 'GET', scope: 'relay:read' } as const
const writing = { method: 'POST', scope: 'relay:write' } as const
const removing = { method: 'DELETE', scope: 'relay:write', answer: 'nothing' } as const
const bot = '/bots/:platform/:botId'

/** By the name of the operation. */
export const operatorRoutes = {
  listPlatforms: {
    ...reading,
    path: '/platforms',
    answer: 'items',
    summary: 'List the platforms that bots can be added for, and which credentials they need',
  },
  listBots: {
    ...reading,
    path: '/bots',
    query: ['tenant'],
    answer: 'items',
    summary: 'List bots, how they are and who fronts them',
  },
  addBot: {
    ...writing,
    path: '/bots',
    hasBody: true,
    answer: 'object',
    status: 201,
    summary: 'Add a bot; its platform is asked who it is first',
  },
  changeBot: {
    ...writing,
    method: 'PATCH',
    path: bot,
    hasBody: true,
    answer: 'object',
    summary: 'Change label, tenants or credentials of a bot, or switch it on and off',
  },
  removeBot: {
    ...removing,
    path: bot,
    summary: 'Forget a bot, its credential and who fronts it',
  },
  testBot: {
    ...writing,
    path: `${bot}/test`,
    answer: 'object',
    summary: 'Ask the platform whether the credential of a bot is good',
  },
  listGateways: {
    ...reading,
    path: '/gateways',
    query: ['tenant'],
    answer: 'items',
    summary: 'List gateways, also revoked ones',
  },
  enrollGateway: {
    ...writing,
    path: '/gateways',
    hasBody: true,
    answer: 'object',
    status: 201,
    summary: 'Make a gateway, or give one a new secret; the secret is shown this once',
  },
  createEnrolmentToken: {
    ...writing,
    path: '/enrolment-tokens',
    hasBody: true,
    answer: 'object',
    status: 201,
    summary: 'Make a token with which a gateway enrols itself, once, within 15 minutes',
  },
  rotateGateway: {
    ...writing,
    path: '/gateways/:gatewayId/rotate',
    answer: 'object',
    summary: 'Give a gateway a new secret; the former one is good for a day more',
  },
  revokeGateway: {
    ...removing,
    path: '/gateways/:gatewayId',
    summary: 'End a gateway at once; with its last one an instance goes too',
  },
  listInstances: {
    ...reading,
    path: '/instances',
    query: ['tenant'],
    answer: 'items',
    summary: 'List instances, where they are and what waits for them',
  },
  listTenants: {
    ...reading,
    path: '/tenants',
    query: ['tenant'],
    answer: 'items',
    summary: 'List tenants with what they have',
  },
  listLinks: {
    ...reading,
    path: '/links',
    query: ['tenant'],
    answer: 'items',
    summary: 'List who is linked to which instance',
  },
  link: {
    ...writing,
    path: '/links',
    hasBody: true,
    answer: 'object',
    status: 201,
    summary: 'Link a user of a platform to an instance without a code',
  },
  unlink: {
    ...removing,
    path: '/links/:tenant/:platform/:userId',
    summary: 'End a link',
  },
  createLinkCode: {
    ...writing,
    path: '/link-codes',
    hasBody: true,
    answer: 'object',
    status: 201,
    summary: 'Make a code; who sends it to the bot as a direct message owns the instance',
  },
  listScopes: {
    ...reading,
    path: '/scopes',
    query: ['tenant'],
    answer: 'items',
    summary: 'List which tenant has a scope and which instance has a chat',
  },
  listPolicies: {
    ...reading,
    path: '/policies',
    query: ['tenant'],
    answer: 'items',
    summary: 'List who may speak to which instance, and what of it concerns the instance',
  },
  listReceipts: {
    ...reading,
    path: '/receipts',
    query: ['tenant', 'state', 'before', 'limit'],
    answer: 'object',
    summary: 'List what gateways asked for and what became of it, the newest first',
  },
  countReceipts: {
    ...reading,
    path: '/receipts/counts',
    query: ['tenant'],
    answer: 'object',
    summary: 'Count receipts by state',
  },
  retryReceipt: {
    ...writing,
    path: '/receipts/:id/retry',
    answer: 'object',
    summary: 'Send a parked or dead one again; a parked one may arrive twice',
  },
  listDecisions: {
    ...reading,
    path: '/decisions',
    query: ['tenant', 'limit'],
    answer: 'items',
    summary: 'List why messages went where they went, the latest first',
  },
  listChanges: {
    ...reading,
    path: '/changes',
    query: ['tenant', 'limit'],
    answer: 'items',
    summary: 'List what was changed and by whom, the latest first',
  },
  listConversations: {
    ...reading,
    path: '/conversations',
    query: ['tenant', 'limit'],
    answer: 'items',
    summary: 'List chats that instances got messages from, the latest first',
  },
  counts: {
    ...reading,
    path: '/counts',
    answer: 'object',
    summary: 'Count what this node has done since it was started',
  },
} as const satisfies Record<string, OperatorRoute>

/** Tells as server-sent events what to read anew: `ready` at first, then `relay` with `{"kind": …}`, never what is in it. */
export const operatorStream = {
  method: 'GET',
  path: '/stream',
  scope: 'relay:read',
  query: ['tenant'],
  summary: 'Follow what changes, as server-sent events that tell only its kind',
} as const

export type OperatorRouteName = keyof typeof operatorRoutes
