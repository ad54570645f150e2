import { expect, test } from 'vitest'
import type { RpcData } from '../../protocol/index.js'
import { parseMessage, Traffic } from './traffic.js'

function traffic(turnId?: string) {
  const told: RpcData[] = []
  const hooks = {
    onRpc: (data: RpcData) => void told.push(data),
    onPermissionRequest: () => undefined,
    onAnswered: () => undefined,
    onTooLongLine: () => undefined,
    turnId: () => turnId,
    isHidden: (method: string) => method === 'hidden',
  }
  return { it: new Traffic(hooks), told }
}

test('an answer is told with the method and the turn of its request', () => {
  const { it, told } = traffic('t1')

  it.toAgent({ jsonrpc: '2.0', id: 4, method: 'session/prompt', params: { a: 1 } })
  expect(it.fromAgent({ jsonrpc: '2.0', id: 4, error: { code: 1, message: 'no' } })).toBe('handle')

  expect(told).toEqual([
    {
      method: 'session/prompt',
      turnId: 't1',
      direction: 'client_to_agent',
      phase: 'request',
      payload: { a: 1 },
    },
    {
      method: 'session/prompt',
      turnId: 't1',
      direction: 'agent_to_client',
      phase: 'response',
      payload: { error: { code: 1, message: 'no' } },
    },
  ])
})

test('an id that both sides use names two requests', () => {
  const { it, told } = traffic()

  it.toAgent({ jsonrpc: '2.0', id: 1, method: 'ours' })
  it.fromAgent({ jsonrpc: '2.0', id: 1, method: 'theirs' })
  it.toAgent({ jsonrpc: '2.0', id: 1, result: 'for theirs' })
  it.fromAgent({ jsonrpc: '2.0', id: 1, result: 'for ours' })

  expect(told.map(({ method, phase, payload }) => [method, phase, payload])).toEqual([
    ['ours', 'request', undefined],
    ['theirs', 'request', undefined],
    ['theirs', 'response', 'for theirs'],
    ['ours', 'response', 'for ours'],
  ])
})

test('a second request with an open id, and one too many, are refused; hidden notifications are not told', () => {
  const { it, told } = traffic()
  const ask = (id: number) => it.fromAgent({ jsonrpc: '2.0', id, method: 'x' })

  expect(ask(1)).toBe('handle')
  expect(ask(1)).toBe('refuse')
  for (let id = 2; id <= 512; id++) expect(ask(id)).toBe('handle')
  expect(ask(513)).toBe('refuse')
  const before = told.length
  expect(it.fromAgent({ jsonrpc: '2.0', method: 'hidden' })).toBe('ignore')
  expect(it.fromAgent({ jsonrpc: '2.0', id: 77, result: null })).toBe('ignore')
  expect(told).toHaveLength(before)
  expect(it.fromAgent({ jsonrpc: '2.0', method: '$/cancel_request' })).toBe('handle')
})

test('only JSON-RPC messages are messages', () => {
  for (const line of [
    '',
    'text',
    '{',
    '[]',
    '1',
    '{"level":"info"}',
    '{"method":"GET"}',
    '{"jsonrpc":"2.0"}',
  ])
    expect(parseMessage(line)).toBeUndefined()
  for (const id of ['null', '{}', 'true'])
    expect(parseMessage(`{"jsonrpc":"2.0","id":${id},"method":"x"}`)).toBeUndefined()
  expect(parseMessage(' {"jsonrpc":"2.0","id":"a","result":null}\r')).toEqual({
    jsonrpc: '2.0',
    id: 'a',
    result: null,
  })
})
