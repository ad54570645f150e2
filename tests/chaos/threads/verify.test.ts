import { expect, it } from 'vitest'
import type { Evidence, ListedRun, LoggedEvent } from './evidence.js'
import { assertRoom } from './verify.js'

// A check that never complains proves nothing: each is shown a room with one thing wrong.

const at = (seq: number) => `2026-01-01T00:00:00.${String(seq).padStart(6, '0')}Z`
const ann = { role: 'user', id: 'ann' }
const echo = { role: 'assistant', id: 'echo' }

const event = (seq: number, type: string, more: Partial<LoggedEvent> = {}): LoggedEvent => ({
  id: `evt_${seq}`,
  seq,
  type,
  created_at: at(seq),
  author: ann,
  run_id: null,
  client_id: null,
  ...more,
})

const ofRun = (seq: number, type: string, run_id: string, more: Partial<LoggedEvent> = {}) =>
  event(seq, type, { author: echo, run_id, ...more })

const run = (id: string, status: string, more: Partial<ListedRun> = {}): ListedRun => ({
  id,
  status,
  assistant: { id: 'echo' },
  running_at: at(1),
  completed_at: at(9),
  error: null,
  ...more,
})

const orphaned = { code: 'orphaned' }
const log = [
  event(1, 'thread.created'),
  event(2, 'message', { client_id: 'a-1' }),
  ofRun(3, 'run.started', 'run_1'),
  ofRun(4, 'message', 'run_1'),
  ofRun(5, 'run.completed', 'run_1'),
  ofRun(6, 'run.started', 'run_2'),
  ofRun(7, 'run.failed', 'run_2', { error: orphaned }),
  ofRun(8, 'run.cancelled', 'run_3'),
  event(9, 'message', { client_id: 'a-2' }),
]
const seen = log.map(({ id, seq }) => ({ id, seq }))

const room: Evidence = {
  threadId: 'th_1',
  log,
  runs: [
    run('run_1', 'completed'),
    run('run_2', 'failed', { error: orphaned }),
    run('run_3', 'cancelled', { running_at: null }),
  ],
  acknowledged: [
    { author: 'ann', clientId: 'a-1', eventId: 'evt_2', seq: 2 },
    { author: 'ann', clientId: 'a-1', eventId: 'evt_2', seq: 2 },
    { author: 'ann', clientId: 'a-2', eventId: 'evt_9', seq: 9 },
  ],
  invoked: [
    { key: 'k-1', runIds: ['run_1'] },
    { key: 'k-1', runIds: ['run_1'] },
  ],
  followers: [{ name: 'follower', seen }],
  delivered: [...seen.slice(0, 4), seen[1]!, ...seen.slice(4)],
  dead: [],
}

/** The room with another log; its followers and its receiver have seen that log. */
function logged(other: readonly LoggedEvent[]): Evidence {
  const followed = other.map(({ id, seq }) => ({ id, seq }))
  return { ...room, log: other, followers: [{ name: 'follower', seen: followed }], delivered: followed }
}

const changed = (seq: number, more: Partial<LoggedEvent>) =>
  logged(log.map((one) => (one.seq === seq ? { ...one, ...more } : one)))

/** The room with something more at the end of its log. */
const longer = (...more: readonly LoggedEvent[]) => logged([...log, ...more])

const followed = (events: Evidence['delivered']): Evidence => ({
  ...room,
  followers: [{ name: 'follower', seen: events }],
})

it('finds nothing wrong with a room that is right, and takes a repeated delivery and a dead one', () => {
  expect(() => assertRoom(room)).not.toThrow()
  expect(() => assertRoom({ ...room, delivered: seen.slice(1), dead: ['evt_1'] })).not.toThrow()
})

const [first, second] = room.acknowledged
const [completed, failed, cancelled] = room.runs

it.each<[string, Evidence, RegExp]>([
  ['a gap', logged(log.filter(({ seq }) => seq !== 4)), /gap/],
  ['time that stands still', changed(4, { created_at: at(3) }), /time stood still/],
  ['an event that is there twice', changed(4, { id: 'evt_2' }), /there twice/],
  ['a lost message', changed(9, { type: 'reasoning' }), /acknowledged and not stored/],
  ['a message in another place', changed(9, { id: 'evt_x' }), /acknowledged and not stored/],
  ['a message that is stored twice', longer(event(10, 'message', { client_id: 'a-1' })), /stored twice/],
  ['a message from nowhere', changed(1, { type: 'message', client_id: 'a-9' }), /never acknowledged/],
  [
    'a retry with another answer',
    { ...room, acknowledged: [first!, { ...second!, eventId: 'evt_9', seq: 9 }] },
    /another event/,
  ],
  ['a follower that misses one', followed(seen.filter(({ seq }) => seq !== 4)), /another event .* place 4/],
  ['a follower that misses the last', followed(seen.slice(0, -1)), /place 9/],
  ['a follower with one too many', followed([...seen, seen[0]!]), /something else/],
  ['a follower in another order', followed([seen[1]!, seen[0]!, ...seen.slice(2)]), /place 1/],
  ['a run without an end', changed(5, { type: 'reasoning' }), /0 terminal events/],
  ['a run with two ends', changed(4, { type: 'run.failed' }), /2 terminal events/],
  ['something after the end', changed(6, { run_id: 'run_1', type: 'reasoning' }), /something after its end/],
  [
    'a row that disagrees',
    { ...room, runs: [run('run_1', 'failed'), failed!, cancelled!] },
    /row says something/,
  ],
  [
    'a row with another error',
    { ...room, runs: [completed!, run('run_2', 'failed'), cancelled!] },
    /another error/,
  ],
  ['a run without its start', changed(3, { type: 'reasoning' }), /started 0 times/],
  [
    'a start that its row does not know',
    { ...room, runs: [run('run_1', 'completed', { running_at: null }), failed!, cancelled!] },
    /started 1 times/,
  ],
  ['a run that is listed nowhere', { ...room, runs: [completed!, failed!] }, /not listed/],
  ['a run that is listed twice', { ...room, runs: [...room.runs, completed!] }, /listed twice/],
  ['two runs of an assistant at once', overlapping(), /while run_1 was active/],
  [
    'a key with other runs',
    { ...room, invoked: [...room.invoked, { key: 'k-1', runIds: ['run_2'] }] },
    /other runs/,
  ],
  [
    'a run of a key that is not there',
    { ...room, invoked: [{ key: 'k-2', runIds: ['run_9'] }] },
    /is not there/,
  ],
  ['an event that was not delivered', { ...room, delivered: seen.slice(1) }, /neither delivered nor/],
  [
    'deliveries out of order',
    { ...room, delivered: [seen[1]!, seen[0]!, ...seen.slice(2)] },
    /1 was delivered after 2/,
  ],
  ['a delivery of nothing', { ...room, delivered: [...seen, { id: 'evt_x', seq: 10 }] }, /not in the log/],
])('finds %s', (_what, wrong, complaint) => {
  expect(() => assertRoom(wrong)).toThrow(complaint)
})

/** The second run begins before the first has ended. */
function overlapping(): Evidence {
  return logged([
    ...log.slice(0, 4),
    ofRun(5, 'run.started', 'run_2'),
    ofRun(6, 'run.completed', 'run_1'),
    ...log.slice(6),
  ])
}
