import { describe, expect, test } from 'vitest'
import {
  AgentTemplateSchema,
  CreateSessionBodySchema,
  createRegisterAgentTemplateBodySchema,
  createUpdateAgentTemplateBodySchema,
  FileSystemSnapshotSchema,
  PendingPermissionSchema,
  PromptQueueStateSchema,
  RegisterAgentTemplateBodySchema,
  SessionSchema,
  UpdateAgentTemplateBodySchema,
} from './schemas.js'

const spawn = { command: 'node', args: ['a.js'] }
const session = {
  id: 's',
  agentName: 'a',
  spawn,
  startedAt: '2026-01-01T00:00:00.000Z',
  lastUpdatedAt: '2026-01-01T00:00:00.000Z',
  status: 'active',
  logs: [{ timestamp: 't', type: 'rpc', data: {} }],
  pendingPermission: null,
  fileSystem: null,
  promptQueue: null,
}

describe('a session', () => {
  test('is read with its optional members, stripped of unknown ones', () => {
    const whole = { ...session, websocketUrl: 'ws://h/ws', runtime: 'local', cwd: '/w', title: 'T' }
    expect(SessionSchema.parse({ ...whole, x: 1 })).toEqual(whole)
  })

  test.each(['pendingPermission', 'fileSystem', 'promptQueue', 'logs', 'spawn', 'status'])(
    'needs %s',
    (name) => {
      expect(SessionSchema.safeParse({ ...session, [name]: undefined }).success).toBe(false)
    },
  )

  test.each([{ spawn: { command: '', args: [] } }, { logs: null }, { status: 'ended' }])(
    'is not %j',
    (bad) => {
      expect(SessionSchema.safeParse({ ...session, ...bad }).success).toBe(false)
    },
  )
})

test('entries of a directory are a list, also of an empty one', () => {
  const snapshot = { root: '/w', entries: [], truncated: false, maxEntries: 10_000 }
  expect(FileSystemSnapshotSchema.parse(snapshot)).toEqual(snapshot)
  expect(FileSystemSnapshotSchema.safeParse({ ...snapshot, entries: null }).success).toBe(false)
})

test('questions and queues are read', () => {
  const permission = {
    requestId: 'r',
    toolCallId: 't',
    title: '',
    options: [{ optionId: 'o', name: 'n', kind: 'k' }],
  }
  const item = { queueId: 'q', text: 'x', enqueuedAt: 't', position: 0 }
  const queue = { processing: true, paused: false, items: [item], size: 1 }

  expect(PendingPermissionSchema.parse({ ...permission, x: 1 })).toEqual(permission)
  expect(PromptQueueStateSchema.parse({ ...queue, x: 1 })).toEqual(queue)
})

describe('a body that makes a session', () => {
  const webhook = { url: 'https://hooks.example/in', secret: 's', events: ['end_turn'] }

  test('names a template or a command', () => {
    expect(CreateSessionBodySchema.parse({ agentTemplateId: 't', x: 1 })).toEqual({ agentTemplateId: 't' })
    expect(CreateSessionBodySchema.parse({ spawn: { command: 'a' } })).toEqual({
      spawn: { command: 'a', args: [] },
    })
  })

  test.each([
    {},
    { agentTemplateId: 't', spawn },
    { spawn: { command: '' } },
    { agentTemplateId: 't', sessionId: 'x' },
    { agentTemplateId: 't', webhooks: [{ ...webhook, url: 'nowhere' }] },
    { agentTemplateId: 't', webhooks: [{ ...webhook, secret: '' }] },
    { agentTemplateId: 't', webhooks: [{ ...webhook, events: ['message'] }] },
  ])('is not %j', (bad) => {
    expect(CreateSessionBodySchema.safeParse(bad).success).toBe(false)
  })

  test('may bring an id and webhooks', () => {
    const body = {
      agentTemplateId: 't',
      sessionId: '6f1f3d0e-3f77-4b6a-9d59-0d8b1f6f1f11',
      webhooks: [webhook],
    }
    expect(CreateSessionBodySchema.parse(body)).toEqual(body)
  })
})

describe('a template', () => {
  const names = ['local', 'docker']
  const body = { name: 'R', spawn: { command: 'node' } }

  test('is read whole', () => {
    const template = { id: 't', name: '', spawn, runtime: { provider: 'local', image: 'i', env: { A: '1' } } }
    expect(AgentTemplateSchema.parse({ ...template, x: 1 })).toEqual(template)
    expect(AgentTemplateSchema.safeParse({ ...template, runtime: { provider: '' } }).success).toBe(false)
  })

  test('is registered with the first runtime unless it names another, without what only updates may set', () => {
    const schema = createRegisterAgentTemplateBodySchema(names)
    const runtime = { provider: 'docker', setup: 's', env: { A: '1' } }

    expect(schema.parse(body)).toEqual({
      ...body,
      spawn: { command: 'node', args: [] },
      runtime: { provider: 'local' },
    })
    expect(schema.parse({ ...body, runtime: { ...runtime, image: 'i' } }).runtime).toEqual(runtime)
    expect(schema.parse({ ...body, runtime: { setup: 's' } }).runtime).toEqual({
      provider: 'local',
      setup: 's',
    })
  })

  test.each([{ name: '' }, { name: undefined }, { spawn: undefined }, { runtime: { provider: 'moon' } }])(
    'is not registered with %j',
    (bad) => {
      expect(createRegisterAgentTemplateBodySchema(names).safeParse({ ...body, ...bad }).success).toBe(false)
    },
  )

  test('without names any runtime will do', () => {
    expect(RegisterAgentTemplateBodySchema.parse({ ...body, runtime: { provider: 'moon' } }).runtime).toEqual(
      {
        provider: 'moon',
      },
    )
  })

  test('is updated by any part of it, to known runtimes only', () => {
    const schema = createUpdateAgentTemplateBodySchema(names)
    expect(schema.parse({ runtime: { image: 'i' }, x: 1 })).toEqual({ runtime: { image: 'i' } })
    expect(schema.parse({})).toEqual({})
    expect(schema.safeParse({ runtime: { provider: 'moon' } }).success).toBe(false)
    expect(schema.safeParse({ name: '' }).success).toBe(false)
    expect(UpdateAgentTemplateBodySchema.parse({ runtime: { provider: 'moon' } })).toEqual({
      runtime: { provider: 'moon' },
    })
  })
})
