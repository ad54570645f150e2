// The names of the sessions plane that existing programs import, each at its subpath (sessions spec, section 14). A name that
// goes away is a breaking change and fails here. Types are in sessions-types.test.ts.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import * as sessions from '@parley/sessions'
import * as client from '@parley/sessions/client'
import * as protocol from '@parley/sessions/protocol'
import * as sessionHostZod from '@parley/sessions/protocol/session-host/zod'
import * as verify from '@parley/sessions/protocol/verify'
import * as wsZod from '@parley/sessions/protocol/ws/zod'
import * as runtimes from '@parley/sessions/runtimes'
import { expect, expectTypeOf, test } from 'vitest'

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
  ['client', client, ['createWsMessageDedupeState', 'rememberWsMessage']],
  ['', sessions, ['createSessions', 'serve', 'importSessionsDir', 'sqlSessionsStorage', 'sessionsErrors']],
  ['', sessions, [...nouns, ...wire, ...ours]],
  ['runtimes', runtimes, ['localRuntime', 'externalRuntime']],
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

// 14.10
const operations = [
  ['settings', 'updateSettings', 'sessionSettings', 'updateSessionSettings'],
  ['listAgentTemplates', 'registerAgentTemplate', 'updateAgentTemplate'],
  ['runtimes', 'listRuntimes', 'startRuntime', 'stopRuntime', 'pauseRuntime', 'deleteRuntime'],
  ['createSession', 'listSessions', 'getSession', 'getSessionStatus', 'terminateSession'],
  ['promptSession', 'resolvePermission', 'handleCallback', 'recovered', 'follow', 'history'],
].flat()
const groups = {
  files: ['preview', 'snapshot', 'search'],
  git: ['branches', 'commits', 'status', 'diff', 'worktrees', 'createWorktree'],
  queue: ['state', 'remove', 'clear', 'reorder', 'pause', 'resume'],
  messages: ['list', 'enqueue', 'send', 'remove', 'clear'],
}

test('a server has the operations of the original', async () => {
  class Own implements sessions.Runtime {
    async fetchSession(): Promise<Response> {
      return new Response()
    }
  }
  const made = sessions.createSessions({ authenticate: () => null, runtimes: { own: new Own() } })
  try {
    for (const name of ['fetch', 'node', 'upgrade', 'service', 'stop', 'openApi'])
      expect(made).toHaveProperty(name, expect.any(Function))
    const service = await made.service()
    for (const name of operations) expect(service).toHaveProperty(name, expect.any(Function))
    for (const [group, names] of Object.entries(groups))
      for (const name of names) expect(service).toHaveProperty(`${group}.${name}`, expect.any(Function))
    expect(service.runtimes()).toEqual(['own'])
  } finally {
    await made.stop()
  }
})

test('handlers are typed, also by the names of the runtimes', () => {
  type Both = { local: sessions.Runtime; box: sessions.Runtime<{ image: string }> }
  type Asked = sessions.PermissionRequestContext<Both>
  type Choice = { optionId: string } | { outcome: 'cancelled' }

  expectTypeOf<Asked['session']['runtime']>().toEqualTypeOf<'local' | 'box'>()
  expectTypeOf<Asked['kind']>().toEqualTypeOf<string | undefined>()
  expectTypeOf<ReturnType<Asked['allow' | 'deny']>>().toEqualTypeOf<Choice>()
  expectTypeOf<sessions.PermissionResponse>().toEqualTypeOf<Choice>()
  expectTypeOf<sessions.SessionEndContext<Both>['reason']>().toEqualTypeOf<sessions.SessionEndReason>()
  expectTypeOf<sessions.AgentMessageContext['data']>().toEqualTypeOf<unknown>()
  expectTypeOf<sessions.ErrorContext['error']>().toEqualTypeOf<Error>()
  expectTypeOf<sessions.SessionsOptions<Both>>().toExtend<sessions.SessionsHandlers<Both>>()
  expectTypeOf<sessions.SessionsSettings>().toEqualTypeOf<{ autoApprovePermissions: boolean }>()
  expectTypeOf<sessions.ServeOptions>().toExtend<{ port: number; cors?: unknown }>()
  expectTypeOf(runtimes.localRuntime).toBeCallableWith({ url: 'http://localhost:8787', cwd: '/srv' })
})

// 14.12, last paragraph
test('the command has the subcommands of the original', async () => {
  const program = fileURLToPath(new URL('../../packages/server/dist/cli/main.js', import.meta.url))
  const help = async (...args: string[]) =>
    (await promisify(execFile)(process.execPath, [program, ...args, '--help'])).stdout

  const [all, db, up] = [await help(), await help('db'), await help('up')]
  const has = (text: string, name: string) => expect(text).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'))
  for (const name of ['up', 'down', 'status', 'db', 'config', 'run']) has(all, name)
  for (const name of ['status', 'migrate']) has(db, name)
  for (const name of ['--port', '--data-dir']) expect(up).toContain(name)
})
