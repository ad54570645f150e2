import { strict as assert } from 'node:assert'
import type { Evidence, ListedRun, LoggedEvent, Seen } from './evidence.js'

/** Throws what does not hold in a room. */
export function assertRoom(room: Evidence): void {
  assertNumbered(room)
  assertAcknowledged(room)
  assertFollowed(room)
  assertRuns(room)
  assertInvoked(room)
  assertDelivered(room)
}

/** Numbers 1, 2, 3 …, strictly growing times, and no event twice. */
function assertNumbered({ log }: Evidence): void {
  log.forEach(({ seq, created_at }, index) => {
    assert.equal(seq, index + 1, 'the log has a gap')
    // Times have a fixed length, so that they compare as texts.
    if (index > 0) assert(created_at > log[index - 1]!.created_at, `${seq}: time stood still`)
  })
  assert.equal(new Set(log.map(({ id }) => id)).size, log.length, 'an event is there twice')
}

/** Each message that was acknowledged is there once, where it was told to be; no message comes from nowhere. */
function assertAcknowledged({ log, acknowledged }: Evidence): void {
  const told = new Map<string, Seen>()
  for (const { author, clientId, eventId, seq } of acknowledged) {
    const key = `${author} ${clientId}`
    const first = told.get(key) ?? { id: eventId, seq }
    assert.deepEqual(
      { id: eventId, seq },
      first,
      `${key}: a repeated client_id was answered with another event`,
    )
    told.set(key, first)
  }
  const stored = log.filter(({ type, author }) => type === 'message' && author.role === 'user')
  const found = new Map<string, Seen>()
  for (const { author, client_id, id, seq } of stored) {
    const key = `${author.id} ${client_id}`
    assert(!found.has(key), `${key}: stored twice`)
    assert(told.has(key), `${key}: stored and never acknowledged`)
    found.set(key, { id, seq })
  }
  for (const [key, where] of told)
    assert.deepEqual(found.get(key), where, `${key}: acknowledged and not stored`)
}

/** Every follower has seen exactly the log. */
function assertFollowed({ log, followers }: Evidence): void {
  const expected = log.map(({ id, seq }) => ({ id, seq }))
  for (const { name, seen } of followers) {
    const first = expected.findIndex(({ id }, index) => seen[index]?.id !== id)
    assert.equal(first, -1, `${name} has another event than the log at place ${first + 1}`)
    assert.deepEqual(seen, expected, `${name} has seen something else than the log`)
  }
}

const terminal = new Set(['run.completed', 'run.failed', 'run.cancelled'])

/** Every run ended once, as its row says, with nothing after it; an assistant ran once at a time. */
function assertRuns({ log, runs }: Evidence): void {
  const events = groupByRun(log)
  for (const run of runs) assertRun(run, events.get(run.id) ?? [])
  const listed = new Set(runs.map(({ id }) => id))
  assert.equal(listed.size, runs.length, 'a run is listed twice')
  for (const id of events.keys()) assert(listed.has(id), `${id}: a run that is not listed`)
  assertOneAtATime(log)
}

function groupByRun(log: readonly LoggedEvent[]): Map<string, LoggedEvent[]> {
  const groups = new Map<string, LoggedEvent[]>()
  for (const event of log)
    if (event.run_id !== null) groups.set(event.run_id, [...(groups.get(event.run_id) ?? []), event])
  return groups
}

function assertRun(
  { id, status, running_at, completed_at, error }: ListedRun,
  events: readonly LoggedEvent[],
) {
  const ends = events.filter(({ type }) => terminal.has(type))
  assert.equal(ends.length, 1, `${id}: ${ends.length} terminal events`)
  const last = events.at(-1)!
  assert.equal(last, ends[0], `${id}: something after its end`)
  assert.equal(last.type, `run.${status}`, `${id}: its row says something else than its events`)
  assert(completed_at !== null, `${id}: no time of its end`)
  assert.equal(last.error?.code, error?.code, `${id}: its row has another error than its event`)
  const starts = events.filter(({ type }) => type === 'run.started')
  const expected = running_at === null ? 0 : 1
  assert.equal(starts.length, expected, `${id}: started ${starts.length} times`)
  if (expected === 1) assert.equal(events[0], starts[0], `${id}: something before its start`)
  else assert.equal(events.length, 1, `${id}: did something without having started`)
}

function assertOneAtATime(log: readonly LoggedEvent[]): void {
  const active = new Map<string, string>()
  for (const { type, author, run_id } of log) {
    if (type === 'run.started') {
      assert(!active.has(author.id), `${run_id}: began while ${active.get(author.id)} was active`)
      active.set(author.id, run_id!)
    }
    if (terminal.has(type) && active.get(author.id) === run_id) active.delete(author.id)
  }
}

/** A key means the same runs whenever it is used, and they are there. */
function assertInvoked({ runs, invoked }: Evidence): void {
  const listed = new Set(runs.map(({ id }) => id))
  const byKey = new Map<string, readonly string[]>()
  for (const { key, runIds } of invoked) {
    assert.deepEqual(runIds, byKey.get(key) ?? runIds, `${key}: a repeated key was answered with other runs`)
    byKey.set(key, runIds)
    for (const id of runIds) assert(listed.has(id), `${key}: its run ${id} is not there`)
  }
}

/** Each event arrived at least once, or is dead; first arrivals are in order. */
function assertDelivered({ log, delivered, dead }: Evidence): void {
  const firsts = new Map<string, number>()
  let newest = 0
  for (const { id, seq } of delivered) {
    if (firsts.has(id)) continue
    assert(seq > newest, `${seq} was delivered after ${newest}`)
    firsts.set(id, seq)
    newest = seq
  }
  for (const { id, seq } of log) {
    assert(firsts.has(id) || dead.includes(id), `${seq} was neither delivered nor given up`)
    if (firsts.has(id)) assert.equal(firsts.get(id), seq, `${seq} was delivered as another`)
    firsts.delete(id)
  }
  assert.equal(firsts.size, 0, 'an event was delivered that is not in the log')
}
