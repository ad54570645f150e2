import { testPostgres } from '@parley/testkit/services'
import pg from 'pg'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { systemClock, systemIds } from '../../ids/index.js'
import { busConformance } from '../conformance.js'
import type { Head } from '../port.js'
import { postgresBus } from './postgres-bus.js'

const server = await testPostgres()
afterAll(() => server?.close())

async function openPair() {
  const { url, drop } = await server!.newDatabase()
  const faults: unknown[] = []
  const open = (node: string) =>
    postgresBus({ url, node, clock: systemClock, ids: systemIds, onFault: (error) => faults.push(error) })
  const [a, b] = [open('a'), open('b')]
  const close = async () => {
    await Promise.all([a.close(), b.close()])
    await drop()
  }
  return { url, a, b, faults, close }
}

if (server) busConformance('the bus over Postgres', { open: openPair })

async function open() {
  const pair = await openPair()
  onTestFinished(pair.close)
  await Promise.all([pair.a.ready(), pair.b.ready()])
  const client = new pg.Client({ connectionString: pair.url })
  client.on('error', () => {})
  await client.connect()
  onTestFinished(() => client.end())
  return { ...pair, client }
}

const cutOthers = `select pg_terminate_backend(pid) from pg_stat_activity
                   where datname = current_database() and pid <> pg_backend_pid()`

describe.skipIf(!server)('the bus over Postgres', () => {
  test('listens again after its connection broke and says that something may have been missed', async () => {
    const { a, b, client, faults } = await open()
    const gaps: string[] = []
    a.onGap?.(() => gaps.push('a'))
    b.onGap?.(() => gaps.push('b'))
    const heard: Head[] = []
    b.onMoved((heads) => heard.push(...heads))
    b.serve('echo', async (message) => message)

    await client.query(cutOthers)
    await expect.poll(() => new Set(gaps).size).toBe(2)
    a.moved([{ stream: 'x:1', seq: 9 }])

    await expect
      .poll(() => a.request('b', 'echo', 'still here', { timeoutMs: 200 }).catch(() => ''))
      .toBe('still here')
    expect(heard).toEqual([{ stream: 'x:1', seq: 9 }])
    expect(faults.length).toBeGreaterThan(0)
  })

  test('sends the hints of one turn in one notification', async () => {
    const { a, b, client } = await open()
    const payloads: string[] = []
    client.on('notification', ({ payload = '' }) => payloads.push(payload))
    await client.query('listen parley_bus')
    b.serve('echo', async (message) => message)

    for (let n = 0; n < 100; n++) a.moved([{ stream: `x:${n}`, seq: 1 }])
    await a.request('b', 'echo', '')
    await client.query('select 1')

    expect(payloads).toHaveLength(1)
  })

  test('takes no harm from what others send on its channels', async () => {
    const { a, b, client } = await open()
    b.serve('echo', async (message) => message)

    for (const payload of ['', 'hello', '["a",1,0,1]\n[["s",1]]', '["a",1,0,1]\nx'])
      await client.query('select pg_notify($1, $2)', ['parley_bus', payload])

    expect(await a.request('b', 'echo', 'fine')).toBe('fine')
  })

  test('can be closed before it has ever connected', async () => {
    const url = 'postgres://postgres@127.0.0.1:1/none'
    const bus = postgresBus({ url, clock: systemClock, ids: systemIds })
    const ready = bus.ready().catch((error: unknown) => error)

    await bus.close()

    expect(await ready).toMatchObject({ code: 'kernel.closed' })
  })
})
