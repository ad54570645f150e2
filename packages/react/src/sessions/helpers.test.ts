import { expect, test } from 'vitest'
import { resolveRuntimeSelection } from './runtime-selection.js'
import { sessionLogsToSegments } from './segments.js'

const log = (type: string, data: Record<string, unknown>) => ({
  type,
  data,
  timestamp: '2026-01-01T00:00:00.000Z',
})
const update = (data: Record<string, unknown>) => log('session_update', data)

test('a log is Markdown in stretches', () => {
  const segments = sessionLogsToSegments([
    log('prompt_sent', { text: 'hi' }),
    update({ sessionUpdate: 'agent_thought_chunk', content: { type: 'text', text: 'hm' } }),
    update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: '**yo' } }),
    update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: '**' } }),
    update({ sessionUpdate: 'tool_call', toolCallId: 'c', title: 'Run `ls`', status: 'completed' }),
    update({ sessionUpdate: 'tool_call', toolCallId: 'd', title: 'Read' }),
    update({ sessionUpdate: 'plan', entries: [{ content: 'a', status: 'completed' }, { content: 'b' }] }),
    log('error', { message: 'broken' }),
    log('prompt_completed', { stopReason: 'end_turn' }),
    log('something', {}),
  ])

  expect(segments.map(({ kind, markdown }) => [kind, markdown])).toEqual([
    ['user', 'hi'],
    ['thought', 'hm'],
    ['assistant', '**yo**'],
    ['tool', '`` Run `ls` `` (completed)'],
    ['tool', '`Read` (cancelled)'],
    ['plan', '- [x] a\n- [ ] b'],
    ['error', 'broken'],
  ])
  expect(new Set(segments.map(({ key }) => key)).size).toBe(segments.length)
})

const instance = (name: string, typeName: string, status: 'running' | 'stopped' = 'running') => ({
  name,
  typeName,
  status,
})
const runtimes = [
  { typeName: 'local', onlyOne: true, instances: [instance('local', 'local', 'stopped')] },
  {
    typeName: 'docker',
    onlyOne: false,
    instances: [instance('a', 'docker', 'stopped'), instance('b', 'docker')],
  },
  { typeName: 'cloud', onlyOne: false, instances: [] },
]

test.each([
  [{}, { typeName: 'docker', instanceName: 'b' }],
  [{ instanceName: 'a' }, { typeName: 'docker', instanceName: 'a' }],
  [
    { instanceName: 'a', typeName: 'local' },
    { typeName: 'docker', instanceName: 'a' },
  ],
  [{ typeName: 'docker' }, { typeName: 'docker', instanceName: 'b' }],
  [{ typeName: 'local' }, { typeName: 'local', instanceName: 'local' }],
  [{ typeName: 'cloud' }, { typeName: 'cloud', instanceName: 'cloud', instance: undefined }],
  [
    { instanceName: 'gone', typeName: 'moon' },
    { typeName: 'docker', instanceName: 'b' },
  ],
])('%j is resolved', (wanted, selection) => {
  expect(resolveRuntimeSelection(runtimes, wanted)).toMatchObject(selection)
})

test('without runtimes there is nothing to select; without instances there is the first type', () => {
  expect(resolveRuntimeSelection([])).toBeUndefined()
  expect(resolveRuntimeSelection([{ typeName: 'x', onlyOne: false, instances: [] }])).toMatchObject({
    instanceName: 'x',
  })
})
