// The names of the sessions plane that existing programs import, each at its subpath (sessions spec, section 14). A name that
// goes away is a breaking change and fails here. Types are in sessions-types.test.ts.
import * as client from '@parley/sessions/client'
import * as protocol from '@parley/sessions/protocol'
import * as sessionHostZod from '@parley/sessions/protocol/session-host/zod'
import * as verify from '@parley/sessions/protocol/verify'
import * as wsZod from '@parley/sessions/protocol/ws/zod'
import { expect, test } from 'vitest'

/** Schemas of the nouns. */
const nouns = [
  ['AgentTemplateSchema', 'UpdateAgentTemplateBodySchema', 'RegisterAgentTemplateBodySchema'],
  ['PendingPermissionSchema', 'FileSystemEntrySchema', 'FileSystemSnapshotSchema', 'FilePreviewSchema'],
  ['PromptQueueStateSchema', 'SessionSchema', 'CreateSessionBodySchema'],
].flat()

const wire = ['WsServerMessageSchema', 'WsControlMessageSchema', 'SessionHostStartRequestSchema']
const ours = ['WsChannelServerMessageSchema', 'WsChannelControlMessageSchema', 'WsSessionMessageSchema']

test.each([
  ['protocol', protocol, [...nouns, ...wire, ...ours, 'createRegisterAgentTemplateBodySchema']],
  ['protocol', protocol, ['parseChannel', 'channelsOfEvent', 'tagOfEvent', 'rewriteWebsocketUrl']],
  ['protocol/ws/zod', wsZod, ['WsServerMessageSchema', 'WsControlMessageSchema']],
  ['protocol/session-host/zod', sessionHostZod, ['SessionHostStartRequestSchema']],
  ['protocol/verify', verify, ['verifyWebhookSignature', 'signWebhookPayload']],
  ['client', client, ['createSessionsClient', 'SessionsClientError']],
])('@parley/sessions/%s exports what it promises', (_name, module, names) => {
  expect(Object.keys(module)).toEqual(expect.arrayContaining(names))
})

test('every schema reads a value', () => {
  for (const name of [...nouns, ...wire, ...ours])
    expect(Reflect.get(protocol, name)).toMatchObject({ parse: expect.any(Function) })
})

test.each(
  Object.entries({
    runtime: import('@parley/sessions/protocol/runtime'),
    session: import('@parley/sessions/protocol/session'),
    'session-host': import('@parley/sessions/protocol/session-host'),
    storage: import('@parley/sessions/protocol/storage'),
    ws: import('@parley/sessions/protocol/ws'),
    'ws/channels': import('@parley/sessions/protocol/ws/channels'),
  }),
)('the subpath protocol/%s has types and nothing else', async (_subpath, module) => {
  expect(Object.keys(await module)).toEqual([])
})

const methods = [
  ['fetchSettings', 'updateSettings', 'fetchAgentTemplates', 'registerAgentTemplate', 'updateAgentTemplate'],
  [
    'fetchSessions',
    'fetchSession',
    'createSession',
    'terminateSession',
    'promptSession',
    'fetchSessionStatus',
  ],
  ['resolvePermission', 'fetchSessionSettings', 'updateSessionSettings'],
  ['fetchSessionFilePreview', 'fetchSessionFileSystem'],
  ['fetchQueue', 'cancelQueueItem', 'clearQueue', 'reorderQueue', 'pauseQueue', 'resumeQueue'],
  ['listMessageQueue', 'enqueueMessage', 'sendQueuedMessage', 'removeQueuedMessage', 'clearMessageQueue'],
  ['fetchRuntimes', 'startRuntime', 'stopRuntime', 'pauseRuntime', 'deleteRuntime'],
  ['fetchRuntimeFilePreview', 'fetchRuntimeFileSystem'],
  ['fetchRuntimeGitBranches', 'fetchRuntimeGitWorktrees', 'createRuntimeGitWorktree', 'request'],
].flat()

test('a client has the methods of the original', () => {
  const made = client.createSessionsClient({ baseUrl: 'http://localhost:3001/api' })
  for (const name of methods) expect(made).toHaveProperty(name, expect.any(Function))
  made.close()
})

test('signatures are checked as the contract says', () => {
  const signature = 'sha256=add853b103fbcc936a194f9eb15e29c4ff08af6e47d5d1bca4f20218e31e4fff'
  expect(verify.signWebhookPayload('k', '{}')).toBe(signature)
  expect(verify.verifyWebhookSignature('k', '{}', signature)).toBe(true)
  expect(verify.verifyWebhookSignature('k', '{}', `${signature.slice(0, -1)}é`)).toBe(false)
})
