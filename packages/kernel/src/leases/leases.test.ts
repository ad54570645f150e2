import { eventually, fakeClock, testGrounds } from '@parley/testkit'
import { expect, it } from 'vitest'
import type { Ground } from '../ground/index.js'
import type { Log } from '../log/index.js'
import { leasesConformance } from './conformance.js'
import { createLeases } from './leases.js'

const grounds = await testGrounds()

for (const { name, open } of grounds)
  leasesConformance(`${name}`, {
    open: async () => {
      const { ground, another, close } = await open()
      const nodes: ReturnType<typeof leasesOn>[] = []
      return {
        node: async () => {
          const own = nodes.length > 0 && another ? await another() : ground
          const node = leasesOn(own, `node_${nodes.length}`)
          nodes.push(node)
          return node
        },
        close: async () => {
          await Promise.all(nodes.map(({ leases }) => leases.close()))
          expect(nodes.map(({ clock }) => clock.pending)).toEqual(nodes.map(() => 0))
          await close()
        },
      }
    },
  })

function leasesOn({ db, log: own }: Pick<Ground, 'db' | 'log'>, node: string, log: Log = own) {
  const clock = fakeClock()
  return { clock, log, leases: createLeases({ db, log, node, clock }) }
}

it('loses a lease that could not be renewed in time, even while the answer is outstanding', async () => {
  const { ground, close } = await grounds[0]!.open()
  let isStuck = false
  const stuck: Log = {
    ...ground.log,
    commit: (unit) => (isStuck ? new Promise(() => {}) : ground.log.commit(unit)),
  }
  const { leases, clock } = leasesOn(ground, 'node_a', stuck)
  const lease = await leases.acquire('job', { ttlMs: 9000 })

  isStuck = true
  await clock.advance(8999)
  const before = lease.lost.aborted
  await clock.advance(1)

  expect([before, lease.lost.aborted]).toEqual([false, true])
  expect(String(lease.lost.reason)).toContain('could not be renewed in time')
  expect(clock.pending).toBe(0)
  await close()
})

it('goes on after a heartbeat that failed', async () => {
  const { ground, close } = await grounds[0]!.open()
  let failures = 0
  const shaky: Log = {
    ...ground.log,
    commit: async (unit) => {
      if (failures > 0 && failures--) throw new Error('no connection')
      return ground.log.commit(unit)
    },
  }
  const { leases, clock } = leasesOn(ground, 'node_a', shaky)
  const lease = await leases.acquire('job', { ttlMs: 9000 })
  const renewed = () => ground.db.read<{ at: number }>(expiry(ground)).then(([row]) => Number(row?.at))
  const first = await renewed()

  failures = 2
  await clock.advance(4999)
  expect([failures, await renewed()]).toEqual([0, first])
  await clock.advance(1)

  await eventually(async () => (await renewed()) > first)
  expect(lease.lost.aborted).toBe(false)
  await leases.close()
  await close()
})

const expiry = ({ db }: Ground) =>
  db.tables<{ leases: { expires_at: number } }>().selectFrom('leases').select('expires_at as at').compile()
