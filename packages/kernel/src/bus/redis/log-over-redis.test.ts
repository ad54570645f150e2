// The log's promises between nodes on one Postgres that meet over Redis.
import { testPostgres, testRedis } from '@parley/testkit/services'
import { afterAll, expect, test } from 'vitest'
import { kernelMigrations, openPostgres } from '../../db/index.js'
import { systemClock as clock, systemIds as ids } from '../../ids/index.js'
import { logConformance } from '../../log/conformance.js'
import { createLog, type ObservedLog, postgresJournal } from '../../log/index.js'
import type { NodeOptions, OpenedLog } from '../../log/log-cases/nodes.js'
import type { Bus } from '../port.js'
import { redisBus } from './redis-bus.js'
import { newPrefix } from './redis-bus.test.support.js'

const postgres = await testPostgres()
const redis = await testRedis()
afterAll(async () => void (await Promise.all([postgres?.close(), redis?.close()])))

async function open({ wrapBus = (bus: Bus) => bus, limits }: NodeOptions = {}): Promise<OpenedLog> {
  const { url, drop } = await postgres!.newDatabase()
  const prefix = newPrefix()
  const faults: unknown[] = []
  const logs: ObservedLog[] = []
  const closers: (() => Promise<void>)[] = []
  const onFault = (error: unknown, where: string) => void faults.push([where, error])
  const other = async () => {
    const db = await openPostgres({ url, clock, onFault })
    await db.migrate([kernelMigrations])
    const bus = redisBus({ url: redis!.url, prefix, clock, ids, onFault })
    const journal = postgresJournal(db, { ids })
    const log = createLog({ journal, bus: wrapBus(bus), clock, exclusive: false, onFault, limits })
    logs.push(log)
    closers.push(async () => {
      await bus.close()
      await db.close()
    })
    await bus.ready()
    return log
  }
  const close = async () => {
    await Promise.all(logs.map((log) => log.close()))
    // Before the database is dropped: what still says goodbye to it is cut off, and says so.
    expect(faults).toEqual([])
    for (const closeNode of closers) await closeNode()
    await drop()
  }
  return { log: await other(), other, close }
}

if (postgres && redis) logConformance('The log on Postgres with a bus over Redis', { open })
else test.skip('The log on Postgres with a bus over Redis needs both', () => {})
