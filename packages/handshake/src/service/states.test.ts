import { openGround } from '@parley/kernel/ground'
import { fakeClock } from '@parley/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { handshakeMigrations, sqlHandshakeStore } from '../store/index.js'
import type { HandshakeRow } from '../store/port.js'
import type { HandshakeState } from './state.js'
import { States } from './states.js'

function stateOf(n: number, version = 1): HandshakeState {
  const row: HandshakeRow = {
    id: n.toString(16).padStart(32, '0'),
    mode: null,
    handler: 'default',
    schema: [],
    meta: {},
    owner: null,
    tenantKey: '[]',
    endReason: null,
    endedAt: null,
    ttlSeconds: 60,
    createdAt: 1,
    touchedAt: 1,
    expiresAt: 1 + 60e6,
    version,
    changes: 0,
    lastAt: 1,
    tokenHash: 'a',
    agentTokenHash: null,
    claim: null,
    browserKeyHash: 'b',
  }
  return { row, values: new Map(), changes: [], head: 1, savedTouch: 1, weight: 1000, grown: 0 }
}

async function open(limits: { maxStates?: number; maxWeight?: number } = {}) {
  const ground = await openGround({ clock: fakeClock() })
  await ground.db.migrate([handshakeMigrations])
  onTestFinished(() => ground.close())
  const store = sqlHandshakeStore(ground.db)
  const save = ({ row }: HandshakeState) => ground.log.commit({ ops: store.insert(row, []), appends: [] })
  return { states: new States({ ground, store, ...limits }), save }
}

test('callers of one moment share one reading', async () => {
  const { states, save } = await open()
  await save(stateOf(1))

  const copies = await Promise.all(Array.from({ length: 5 }, () => states.get(stateOf(1).row.id)))

  expect(new Set(copies).size).toBe(1)
})

test('a copy that was evicted while its change was on its way comes back with the change', async () => {
  const { states } = await open({ maxStates: 1 })
  const [changing, other] = [stateOf(1), stateOf(2)]
  states.add(changing)
  states.add(other)
  expect(states.peek(changing.row.id)).toBeUndefined()

  changing.row = { ...changing.row, version: 2 }
  states.changed(changing, 10)

  expect(states.peek(changing.row.id)).toBe(changing)
})

test('a copy that was read before a change committed does not outlive it', async () => {
  const { states } = await open()
  const changing = stateOf(1)
  const old = stateOf(1)
  states.add(old)

  changing.row = { ...changing.row, version: 2 }
  states.changed(changing, 10)

  expect(states.peek(changing.row.id)).toBe(changing)
})

test('a newer copy is not replaced by an older one', async () => {
  const { states } = await open()
  const newer = stateOf(1, 3)
  states.add(newer)

  states.changed(stateOf(1, 2), 10)

  expect(states.peek(newer.row.id)).toBe(newer)
})

test('the least used copies go when there are too many, and a touch with them is handed on', async () => {
  const { states } = await open({ maxStates: 2 })
  const evicted: string[] = []
  states.onEvicted = ({ row }) => evicted.push(row.id)
  const [first, second, third] = [stateOf(1), stateOf(2), stateOf(3)] as const
  states.add(first)
  states.add(second)
  second.row = { ...second.row, touchedAt: 5 }
  await states.get(first.row.id)

  states.add(third)

  expect(states.peek(first.row.id)).toBe(first)
  expect(states.peek(second.row.id)).toBeUndefined()
  expect(evicted).toEqual([second.row.id])
})

test('a busy handshake does not push the others out by what left its history long ago', async () => {
  const { states } = await open({ maxWeight: 1024 * 1024 })
  const [busy, quiet] = [stateOf(1), stateOf(2)]
  states.add(quiet)
  states.add(busy)

  for (let n = 0; n < 10_000; n++) states.changed(busy, 1000)

  expect(states.peek(quiet.row.id)).toBe(quiet)
  expect(busy.weight).toBeLessThan(256 * 1024)
})

test('tasks of one handshake run one after the other, and those of others do not wait', async () => {
  const { states } = await open()
  const seen: string[] = []
  let finish = () => {}
  const first = states.locked('a', () => new Promise<void>((resolve) => (finish = resolve)))
  const second = states.locked('a', async () => void seen.push('second'))
  await states.locked('b', async () => void seen.push('other'))
  expect(seen).toEqual(['other'])

  finish()
  await Promise.all([first, second])

  expect(seen).toEqual(['other', 'second'])
})

test('a task that fails does not stop the next one', async () => {
  const { states } = await open()

  const failing = states.locked('a', () => Promise.reject(new Error('first')))
  const next = states.locked('a', async () => 'next')

  await expect(failing).rejects.toThrow('first')
  expect(await next).toBe('next')
})
