import { describe, expect, it } from 'vitest'
import type { Evidence, LoggedEvent } from './evidence.js'
import { assertSession } from './verify.js'

let clock = 0
const event = (type: string, data: Record<string, unknown> = {}): LoggedEvent => ({
  type,
  data,
  timestamp: new Date(++clock).toISOString(),
})
const asked = (turnId: string, text: string) =>
  event('rpc', {
    method: 'session/prompt',
    phase: 'request',
    turnId,
    payload: { prompt: [{ type: 'text', text }] },
  })
const answered = (turnId: string, payload: object = { stopReason: 'end_turn' }) =>
  event('rpc', { method: 'session/prompt', phase: 'response', turnId, payload })
const said = (text: string) =>
  event('rpc', {
    method: 'session/update',
    phase: 'notification',
    payload: { update: { sessionUpdate: 'agent_message_chunk', content: { text } } },
  })

const wholeLog = (): LoggedEvent[] => [
  event('rpc', { method: 'initialize', phase: 'request' }),
  asked('t1', 'chunks 3'),
  said('chunk 1 '),
  said('chunk 2 '),
  said('chunk 3 '),
  answered('t1'),
  asked('t2', 'ask 2'),
  event('permission_request', { requestId: 'p1' }),
  event('permission_request', { requestId: 'p2' }),
  event('permission_approved', { requestId: 'p2' }),
  said('2: allow\n'),
  event('permission_approved', { requestId: 'p1' }),
  said('1: allow\n'),
  answered('t2'),
  asked('t3', 'run ticker'),
  event('terminal.started', { terminalId: 'x' }),
  event('terminal.data', { terminalId: 'x', data: 'tick 1\r\n' }),
  event('terminal.data', { terminalId: 'x', data: 'tick 2\r\n' }),
  event('terminal.exit', { terminalId: 'x', exitCode: 0 }),
  answered('t3'),
  asked('t4', 'chunks 3'),
  said('chunk 1 '),
  answered('t4', { error: { code: -32603, message: 'gone' } }),
  event('session.resumed', { how: 'load' }),
]

function evidenceOf(log: LoggedEvent[]): Evidence {
  const seen = log.map((one, index) => ({ seq: index + 1, event: one }))
  return {
    sessionId: 's1',
    log,
    followers: [{ name: 'somebody', seen }],
    prompts: [
      { text: 'chunks 3', turn: 'whole' },
      { text: 'ask 2', turn: 'whole' },
      { text: 'run ticker', turn: 'whole' },
      { text: 'chunks 3', turn: 'torn' },
    ],
    terminals: ['tick 1\ntick 2\n'],
    resumed: 1,
  }
}

/** The log with the events at some places replaced. */
const spliced = (at: number, count: number, ...instead: LoggedEvent[]) =>
  evidenceOf(wholeLog().toSpliced(at, count, ...instead))

it('accepts a session in which everything holds', () => {
  expect(() => assertSession(evidenceOf(wholeLog()))).not.toThrow()
})

describe('complains of', () => {
  it.each<[string, Evidence, RegExp]>([
    ['a chunk that is missing', spliced(3, 1), /at place 2 of 3/],
    ['a chunk that is there twice', spliced(3, 0, said('chunk 1 ')), /at place 2 of 3/],
    ['chunks in another order', spliced(2, 2, said('chunk 2 '), said('chunk 1 ')), /at place 1 of 3/],
    ['a chunk too many', spliced(5, 0, said('chunk 4 ')), /at place 4 of 3/],
    ['a chunk after its turn', spliced(6, 0, said('chunk 4 ')), /outside of a turn/],
    ['a torn turn with a gap', spliced(21, 1, said('chunk 2 ')), /at place 1 of 1/],
    ['a turn without an end', spliced(22, 1), /has not ended/],
    ['an end that comes twice', spliced(6, 0, answered('t1')), /or twice/],
    ['a turn that begins in another', spliced(5, 1), /began before t1 had ended/],
    ['a turn that ran twice', spliced(6, 0, asked('t9', 'echo x'), answered('t9')), /other turns/],
    ['a prompt that never ran', spliced(6, 8), /other turns than prompts/],
    ['a torn turn that should be whole', spliced(5, 1, answered('t1', { error: {} })), /ended torn/],
    ['a whole turn that should be torn', spliced(22, 1, answered('t4')), /ended whole/],
    ['a question that is shown twice', spliced(8, 1, wholeLog()[7]!), /asked twice/],
    ['a question without an outcome', spliced(11, 1), /without an outcome/],
    ['a question with two outcomes', spliced(12, 0, wholeLog()[11]!), /settled twice/],
    ['terminal output that is missing', spliced(17, 1), /something else than was written/],
    ['terminal output that is there twice', spliced(17, 0, wholeLog()[16]!), /something else/],
    ['terminal output after the end', spliced(19, 0, wholeLog()[16]!), /after its end/],
    ['a terminal without an end', spliced(18, 1), /a terminal without an end/],
    ['a resumption that was not told', spliced(23, 1), /resumptions/],
    ['a resumption that is told twice', spliced(24, 0, wholeLog()[23]!), /resumptions/],
  ])('%s', (_, evidence, words) => {
    expect(() => assertSession(evidence)).toThrow(words)
  })

  it.each<[string, (seen: Evidence['followers'][0]['seen']) => Evidence['followers'][0]['seen'], RegExp]>([
    ['a follower with a gap', (seen) => seen.toSpliced(4, 1), /number 6 at place 5/],
    ['a follower that was sent something twice', (seen) => [...seen, seen.at(-1)!], /number 24 at place 25/],
    ['a follower that lacks the end', (seen) => seen.slice(0, -1), /23 events of 24/],
    [
      'a follower with another event',
      (seen) => seen.with(2, { seq: 3, event: said('other') }),
      /another event than the log at place 3/,
    ],
  ])('%s', (_, change, words) => {
    const evidence = evidenceOf(wholeLog())
    const followers = evidence.followers.map(({ name, seen }) => ({ name, seen: change(seen) }))

    expect(() => assertSession({ ...evidence, followers })).toThrow(words)
  })
})
