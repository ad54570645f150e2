import { describe, expect, test } from 'vitest'
import type { WireEvent } from '../../protocol/index.js'
import { anEvent, events } from '../fake-server.test.support.js'
import { SessionFold } from './fold.js'

const { prompt, answered, update, chunk, opened, asked, rpc } = events
const thought = (text: string) =>
  update({ sessionUpdate: 'agent_thought_chunk', content: { type: 'text', text } })
const call = (more = {}) => update({ sessionUpdate: 'tool_call', toolCallId: 'c', title: 'Read', ...more })
const asksFor = (more = {}) =>
  rpc('session/request_permission', 'agent_to_client', 'request', { toolCall: { toolCallId: 'c', ...more } })
const progress = (more = {}) => update({ sessionUpdate: 'tool_call_update', toolCallId: 'c', ...more })

function fold(...happened: WireEvent[]): SessionFold {
  const folded = new SessionFold()
  for (const event of happened) folded.take(event)
  return folded
}

/** Items in short. */
const shortOf = (folded: SessionFold) =>
  folded.timeline.map((item) => {
    if ('text' in item) return `${item.kind} ${item.text}`
    if (item.kind === 'tool') return `tool ${item.title} ${item.status}`
    if (item.kind === 'permission') return `permission ${item.state}`
    if (item.kind === 'turn') return `turn ${item.stopReason}`
    if (item.kind === 'plan') return `plan ${item.entries.map(({ status }) => status)}`
    return item.kind === 'error' ? `error ${item.message}` : `notice ${item.type}`
  })

test.each<[string, WireEvent[], string[]]>([
  ['nothing', [], []],
  [
    'a turn',
    [prompt('hi'), chunk('He'), chunk('llo'), answered()],
    ['prompt hi', 'message Hello', 'turn end_turn'],
  ],
  [
    'thoughts and words',
    [thought('a'), thought('b'), chunk('c'), thought('d')],
    ['thought ab', 'message c', 'thought d'],
  ],
  ['a tool between words', [chunk('a'), call(), chunk('b')], ['message a', 'tool Read pending', 'message b']],
  [
    'news of a tool',
    [call(), chunk('a'), progress({ status: 'completed' }), chunk('b')],
    ['tool Read completed', 'message ab'],
  ],
  ['a tool nobody announced', [progress({ title: 'X', status: 'failed' })], ['tool X failed']],
  [
    'an id that is used again in the next turn',
    [prompt('1'), call(), answered(), prompt('2'), call({ status: 'in_progress' })],
    ['prompt 1', 'tool Read cancelled', 'turn end_turn', 'prompt 2', 'tool Read in_progress'],
  ],
  [
    'a call that is not done when its turn ends, and goes on nevertheless',
    [prompt('1'), call(), answered({ stopReason: 'cancelled' }), progress({ status: 'completed' })],
    ['prompt 1', 'tool Read completed', 'turn cancelled'],
  ],
  [
    'a call that is announced by asking for permission',
    [prompt('1'), asksFor({ title: 'Write' }), asked('r1'), progress({ status: 'completed' }), answered()],
    ['prompt 1', 'tool Write completed', 'permission open', 'turn end_turn'],
  ],
  [
    'one that is refused, and of which no more is said',
    [prompt('1'), asksFor({ title: 'Write' }), answered()],
    ['prompt 1', 'tool Write cancelled', 'turn end_turn'],
  ],
  [
    'permission for a call that is under way',
    [call({ status: 'in_progress' }), asksFor({ title: 'Read a', status: 'pending' })],
    ['tool Read a in_progress'],
  ],
  [
    'a prompt that the agent repeats',
    [
      prompt('hello'),
      ...['hel', 'lo'].map((text) =>
        update({ sessionUpdate: 'user_message_chunk', content: { type: 'text', text } }),
      ),
      chunk('a'),
    ],
    ['prompt hello', 'message a'],
  ],
  [
    'what a person said elsewhere',
    [update({ sessionUpdate: 'user_message_chunk', content: { type: 'text', text: 'there' } })],
    ['prompt there'],
  ],
  [
    'messages with ids',
    ['m1', 'm1', 'm2'].map((messageId) =>
      update({ sessionUpdate: 'agent_message_chunk', messageId, content: { type: 'text', text: messageId } }),
    ),
    ['message m1m1', 'message m2'],
  ],
  [
    'a plan that changes, and that of the next turn',
    [
      ...['pending', 'completed'].map((status) =>
        update({ sessionUpdate: 'plan', entries: [{ content: 'x', status }] }),
      ),
      prompt('2'),
      update({ sessionUpdate: 'plan', entries: [] }),
    ],
    ['plan completed', 'prompt 2', 'plan '],
  ],
  [
    'a turn that failed, said once',
    [
      prompt('x'),
      answered({ error: { code: -32000, message: 'no model' } }),
      anEvent('error', { message: 'prompt: no model' }),
    ],
    ['prompt x', 'turn error'],
  ],
  ['an error', [anEvent('error', { message: 'spool nearly full' })], ['error spool nearly full']],
  ['what is unknown', [anEvent('moon.landed', { a: 1 })], ['notice moon.landed']],
  ['a resumption', [anEvent('session.resumed', { how: 'load' })], ['notice session.resumed']],
  [
    'names of objects',
    [anEvent('constructor'), anEvent('__proto__')],
    ['notice constructor', 'notice __proto__'],
  ],
  [
    'older logs',
    [
      anEvent('prompt_sent', { text: 'hi' }),
      anEvent('session_update', {
        sessionUpdate: 'agent_message_chunk',
        content: { type: 'text', text: 'yo' },
      }),
      anEvent('prompt_completed', { stopReason: 'max_tokens' }),
      anEvent('killed'),
    ],
    ['prompt hi', 'message yo', 'turn max_tokens', 'notice session.terminated'],
  ],
  ['what is said twice', [anEvent('end_turn'), anEvent('agent_message'), anEvent('file.preview')], []],
  [
    'nonsense',
    [
      anEvent('rpc'),
      rpc('session/request_permission', 'agent_to_client', 'request', { toolCall: null }),
      update(null),
      update({ sessionUpdate: 'tool_call' }),
      update({ sessionUpdate: 'agent_message_chunk' }),
      update({ sessionUpdate: 'toString' }),
      anEvent('permission_request', { requestId: 1 }),
      anEvent('terminal.data', { data: 'x' }),
    ],
    [],
  ],
])('%s', (_what, happened, short) => {
  expect(shortOf(fold(...happened))).toEqual(short)
})

test('a tool has its content, places, input and output', () => {
  const content = [
    { type: 'content', content: { type: 'text', text: 'ok' } },
    { type: 'diff', path: '/w/a', oldText: null, newText: 'b' },
    { type: 'terminal', terminalId: 't' },
  ]
  const locations = [{ path: '/w/a', line: 3 }, { path: '/w/b' }, { line: 1 }]
  const [item] = fold(
    call({ kind: 'edit', rawInput: { a: 1 } }),
    progress({ content, locations, rawOutput: 7 }),
  ).timeline

  expect(item).toMatchObject({
    kind: 'tool',
    toolCallId: 'c',
    toolKind: 'edit',
    rawInput: { a: 1 },
    rawOutput: 7,
    locations: locations.slice(0, 2),
    content: [
      { type: 'content', block: { type: 'text', text: 'ok' } },
      { type: 'diff', path: '/w/a', oldText: null, newText: 'b' },
      { type: 'terminal', terminalId: 't' },
    ],
  })
})

test('parts that are no text are kept', () => {
  const image = { type: 'image', data: 'AA==', mimeType: 'image/png' }
  const said = update({ sessionUpdate: 'agent_message_chunk', content: image })
  const asking = rpc('session/prompt', 'client_to_agent', 'request', {
    prompt: [{ type: 'text', text: 'see' }, image],
  })

  expect(fold(asking, said).timeline).toMatchObject([
    { kind: 'prompt', text: 'see', blocks: [image] },
    { kind: 'message', text: '', blocks: [image] },
  ])
})

describe('a question', () => {
  const answer = (type: string, optionId?: string) =>
    anEvent(type, {
      requestId: 'r1',
      response: { outcome: optionId ? { outcome: 'selected', optionId } : { outcome: 'cancelled' } },
    })

  test.each<[string, WireEvent[], string, number]>([
    ['is open', [], 'open', 1],
    ['is approved', [answer('permission_approved', 'yes')], 'approved', 0],
    ['is rejected', [answer('permission_rejected', 'no')], 'rejected', 0],
    ['is rejected whatever the event is called', [answer('permission_approved', 'no')], 'rejected', 0],
    ['is cancelled', [answer('permission_rejected')], 'cancelled', 0],
    [
      'is answered over REST',
      [anEvent('permission_responded', { requestId: 'r1', optionId: 'yes' })],
      'approved',
      0,
    ],
    [
      'is cancelled over REST',
      [anEvent('permission_cancelled', { requestId: 'r1', outcome: 'cancelled' })],
      'cancelled',
      0,
    ],
    [
      'keeps its first answer',
      [answer('permission_approved', 'yes'), anEvent('permission_cancelled', { requestId: 'r1' })],
      'approved',
      0,
    ],
    ['ends with the session', [anEvent('session.terminated', { exitCode: 0 })], 'cancelled', 0],
    [
      'is not that of another',
      [anEvent('permission_responded', { requestId: 'r2', optionId: 'no' })],
      'open',
      1,
    ],
    ['is asked once', [asked('r1')], 'open', 1],
  ])('%s', (_what, happened, state, open) => {
    const folded = fold(asked('r1'), ...happened)
    expect(folded.timeline[0]).toMatchObject({ kind: 'permission', requestId: 'r1', toolKind: 'edit', state })
    expect(folded.pendingPermissions).toHaveLength(open)
  })

  test('stays the oldest open one', () => {
    const folded = fold(asked('r1'), asked('r2'), answer('permission_approved', 'yes'))
    expect(folded.pendingPermissions.map(({ requestId }) => requestId)).toEqual(['r2'])
  })
})

describe('what is known of the agent', () => {
  const modes = {
    currentModeId: 'ask',
    availableModes: [
      { id: 'ask', name: 'Ask' },
      { id: 'code', name: 'Code' },
    ],
  }
  const models = { currentModelId: 'm1', availableModels: [{ modelId: 'm1', name: 'One', description: 'd' }] }
  const start = opened({
    sessionId: 'a',
    modes,
    models,
    configOptions: [{ id: 'o', name: 'O', type: 'boolean', currentValue: true }],
  })
  const wants = (method: string, payload: object) => rpc(method, 'client_to_agent', 'request', payload)
  const says = (method: string, payload: object) => rpc(method, 'agent_to_client', 'response', payload)

  test('comes with its start', () => {
    expect(fold(start).facts).toMatchObject({
      modes: {
        current: 'ask',
        available: [
          { id: 'ask', name: 'Ask' },
          { id: 'code', name: 'Code' },
        ],
      },
      models: { current: 'm1', available: [{ id: 'm1', name: 'One', description: 'd' }] },
      configOptions: [{ id: 'o', name: 'O', type: 'boolean', currentValue: true }],
    })
    expect(fold(opened({ sessionId: 'a', modes: null })).facts.modes).toBeUndefined()
  })

  test.each<[string, WireEvent[], object]>([
    [
      'the agent changes its mode',
      [update({ sessionUpdate: 'current_mode_update', currentModeId: 'code' })],
      { modes: { current: 'code' } },
    ],
    [
      'somebody changes it',
      [wants('session/set_mode', { modeId: 'code' }), says('session/set_mode', {})],
      { modes: { current: 'code' } },
    ],
    [
      'the agent says no',
      [wants('session/set_mode', { modeId: 'code' }), says('session/set_mode', { error: { message: 'no' } })],
      { modes: { current: 'ask' } },
    ],
    [
      'somebody changes the model',
      [wants('session/set_model', { modelId: 'm2' }), says('session/set_model', {})],
      { models: { current: 'm2' } },
    ],
    [
      'an option changes',
      [update({ sessionUpdate: 'config_option_update', configOptions: [{ id: 'p' }] })],
      { configOptions: [{ id: 'p' }] },
    ],
    [
      'it has commands',
      [
        update({
          sessionUpdate: 'available_commands_update',
          availableCommands: [{ name: 'a', description: 'd' }],
        }),
      ],
      { commands: [{ name: 'a', description: 'd' }] },
    ],
    ['it has a title', [update({ sessionUpdate: 'session_info_update', title: 'T' })], { title: 'T' }],
    [
      'it counts',
      [update({ sessionUpdate: 'usage_update', used: 5, size: 10 })],
      { usage: { used: 5, size: 10 } },
    ],
  ])('%s', (_what, happened, facts) => {
    expect(fold(start, ...happened).facts).toMatchObject(facts)
  })
})

test('a turn that failed says why, also where the message does not', () => {
  const error = { code: -32603, message: 'Internal error', data: { details: 'no quota' } }
  const folded = fold(
    prompt('x'),
    answered({ error }),
    anEvent('error', { message: 'Internal error: no quota' }),
  )
  expect(folded.timeline.at(-1)).toMatchObject({ kind: 'turn', error: 'Internal error: no quota' })
})

test('an option that stands for the mode follows it', () => {
  const option = (more: object) => ({ name: 'O', type: 'select', currentValue: 'ask', ...more })
  const flat = [{ value: 'ask' }, { value: 'code' }]
  const folded = fold(
    opened({
      configOptions: [
        option({ id: 'mode', category: 'mode', options: flat }),
        option({ id: 'grouped', category: 'mode', options: [{ group: 'g', options: flat }] }),
        option({ id: 'unlike', category: 'mode', options: [{ value: 'ask' }] }),
        option({ id: 'other', options: flat }),
      ],
    }),
    update({ sessionUpdate: 'current_mode_update', currentModeId: 'code' }),
  )
  const values = folded.facts.configOptions.map(({ id, currentValue }) => [id, currentValue])
  expect(values).toEqual([
    ['mode', 'code'],
    ['grouped', 'code'],
    ['unlike', 'ask'],
    ['other', 'ask'],
  ])
})

test('turn, queue, files and end are known', () => {
  const folded = fold(prompt('x', 'turn_1'))
  expect(folded.turn).toMatchObject({ turnId: 'turn_1' })

  const queue = { processing: true, paused: false, items: [], size: 0 }
  folded.take(anEvent('queue.updated', queue))
  folded.take(anEvent('queue.paused'))
  expect(folded.queue).toEqual({ ...queue, paused: true })

  folded.take(anEvent('filesystem.changed', { changes: [{ path: 'a', type: 'added' }] }))
  expect(folded.files).toEqual({ count: 1, changes: [{ path: 'a', type: 'added' }] })

  folded.take(call())
  folded.take(anEvent('session.terminated', { exitCode: -1, reason: 'terminated', message: 'm' }))
  folded.end()
  expect(folded).toMatchObject({
    turn: undefined,
    ended: { exitCode: -1, reason: 'terminated', message: 'm' },
  })
  expect(shortOf(folded)).toContain('tool Read cancelled')
})

test('items that did not change stay the same objects, and readers keep what they had', () => {
  const folded = fold(prompt('x'), chunk('a'))
  const before = folded.timeline
  expect(folded.timeline).toBe(before)

  folded.take(chunk('b'))

  expect(before.map((item) => 'text' in item && item.text)).toEqual(['x', 'a'])
  expect(folded.timeline[0]).toBe(before[0])
  expect(folded.timeline[1]).toMatchObject({ key: before[1]?.key, text: 'ab' })
})

test('a hundred thousand chunks are one message, also for somebody who looks after each', () => {
  const folded = fold(prompt('x'))
  for (let i = 0; i < 100_000; i++) {
    folded.take(chunk('y'))
    expect(folded.timeline.length).toBe(2)
  }
  expect(folded.timeline[1]).toMatchObject({ text: 'y'.repeat(100_000) })
})
