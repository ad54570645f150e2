import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { casesWith } from '../conformance/except.js'
import type { Clock } from '../ids/index.js'
import type { Log, UnitResult } from '../log/index.js'
import { systemPrincipal, toIdentity } from '../principal/index.js'
import type { Lease, Leases } from './port.js'

/** One node with a clock of its own that moves when told to. All clocks begin at the same time. */
export type LeasesNode = { leases: Leases; log: Log; clock: Clock & { advance(ms: number): Promise<void> } }

export type LeasesSubject = {
  /** An empty ground; `node` opens one more node on it. The suite closes it. */
  open(): Promise<{ node(): Promise<LeasesNode>; close(): Promise<void> }>
  /** Cases that cannot pass, each with the reason. */
  except?: Partial<Record<LeasesCase, string>>
}

const ttlMs = 9000

/** Appends one event under the lease. */
const append = (log: Log, lease: Lease, body: unknown): Promise<UnitResult> =>
  log.commit({
    ops: [lease.guard()],
    appends: [{ stream: 'work:1', drafts: [{ type: 'done', actor: toIdentity(systemPrincipal), body }] }],
  })

const bodies = async (log: Log): Promise<unknown[]> =>
  (await log.read('work:1', { after: 0 })).events.map(({ body }) => JSON.parse(body))

/** Moves the clocks in small steps until the work is done: what waits in a database takes real time. */
async function whileTimePasses<T>(nodes: readonly LeasesNode[], work: Promise<T>): Promise<T> {
  let isDone = false
  const ended = work.finally(() => {
    isDone = true
  })
  ended.catch(() => {})
  while (!isDone) {
    await Promise.all(nodes.map(({ clock }) => clock.advance(20)))
    await turn()
  }
  return ended
}

/** Everything that the node sent before is committed when this resolves. */
const flushed = (log: Log): Promise<UnitResult> =>
  log.commit({ ops: [{ sql: 'select 1', params: [] }], appends: [] })

const cases = {
  'a free lease is taken at once': async (a: LeasesNode, b: LeasesNode) => {
    expect(await b.leases.holder('job')).toBeUndefined()

    const lease = await a.leases.acquire('job')

    expect([lease.name, lease.epoch, lease.lost.aborted]).toEqual(['job', 1, false])
    expect(await b.leases.holder('job')).toMatchObject({ epoch: 1 })
  },

  'a lease has one holder, and names have nothing to do with each other': async (
    a: LeasesNode,
    b: LeasesNode,
  ) => {
    const first = await a.leases.tryAcquire('job')

    const others = await Promise.all([
      a.leases.tryAcquire('job'),
      b.leases.tryAcquire('job'),
      b.leases.tryAcquire('job 2'),
    ])

    expect(first?.epoch).toBe(1)
    expect(others.map((lease) => lease?.epoch)).toEqual([undefined, undefined, 1])
  },

  'release gives the lease to whoever waits, without a wait for a timer': async (
    a: LeasesNode,
    b: LeasesNode,
  ) => {
    const first = await a.leases.acquire('job')
    const second = b.leases.acquire('job')
    await b.leases.holder('job')

    await first.release()
    await first.release()

    expect((await second).epoch).toBe(2)
    expect(first.lost.aborted).toBe(false)
  },

  'a dead holder is replaced when its time is over': async (a: LeasesNode, b: LeasesNode) => {
    const first = await a.leases.acquire('job', { ttlMs })
    await b.clock.advance(ttlMs - 1)
    expect(await b.leases.tryAcquire('job')).toBeUndefined()

    await b.clock.advance(1)

    expect(await b.leases.holder('job')).toBeUndefined()
    expect((await b.leases.tryAcquire('job'))?.epoch).toBe(first.epoch + 1)
  },

  'whoever waits for a dead holder gets the lease by itself': async (a: LeasesNode, b: LeasesNode) => {
    await a.leases.acquire('job', { ttlMs })

    const lease = await whileTimePasses([b], b.leases.acquire('job', { ttlMs }))

    expect(lease.epoch).toBe(2)
  },

  'a holder that was declared dead writes nothing and learns of it': async (a: LeasesNode, b: LeasesNode) => {
    const first = await a.leases.acquire('job', { ttlMs })
    await append(a.log, first, 'a')
    await b.clock.advance(ttlMs)
    const second = await b.leases.acquire('job', { ttlMs })

    const results = await Promise.all([append(a.log, first, 'too late'), append(b.log, second, 'b')])
    await a.clock.advance(ttlMs / 3)
    await flushed(a.log)
    await first.release()

    expect(results.map(({ outcome }) => outcome)).toEqual(['refused', 'committed'])
    expect(await bodies(b.log)).toEqual(['a', 'b'])
    expect((await append(b.log, second, 'still mine')).outcome).toBe('committed')
  },

  'a heartbeat that finds the lease gone aborts `lost`': async (a: LeasesNode, b: LeasesNode) => {
    const first = await a.leases.acquire('job', { ttlMs })
    await b.clock.advance(ttlMs)
    await b.leases.acquire('job', { ttlMs })
    const lost = new Promise((resolve) => first.lost.addEventListener('abort', resolve, { once: true }))

    await a.clock.advance(ttlMs / 3)
    await lost

    expect(first.lost.reason).toMatchObject({
      code: 'kernel.unavailable',
      details: { lease: 'job', epoch: 1 },
    })
  },

  'two holders that write at the same time never interleave': async (a: LeasesNode, b: LeasesNode) => {
    const first = await a.leases.acquire('job', { ttlMs })
    const writing = (async () => {
      while ((await append(a.log, first, 'a')).outcome === 'committed') await turn()
    })()
    while ((await bodies(b.log)).length < 5) await turn()

    await b.clock.advance(ttlMs)
    const second = await b.leases.acquire('job', { ttlMs })
    for (let n = 0; n < 20; n++) await append(b.log, second, 'b')
    await writing

    const written = await bodies(b.log)
    expect(written.filter((body) => body === 'b')).toHaveLength(20)
    expect(written.slice(-20)).toEqual(Array(20).fill('b'))
  },

  'heartbeats keep a lease past its time': async (a: LeasesNode, b: LeasesNode) => {
    const lease = await a.leases.acquire('job', { ttlMs })

    for (let beat = 0; beat < 10; beat++) {
      await a.clock.advance(ttlMs / 3)
      await flushed(a.log)
      await b.clock.advance(ttlMs / 3)
      expect(await b.leases.tryAcquire('job')).toBeUndefined()
    }

    expect(lease.lost.aborted).toBe(false)
    expect((await append(a.log, lease, 'a')).outcome).toBe('committed')
  },

  'twenty that want a lease never hold it together, and its epoch grows': async (
    a: LeasesNode,
    b: LeasesNode,
  ) => {
    let holding = 0
    const epochs: number[] = []
    const work = async (node: LeasesNode) => {
      await using lease = await node.leases.acquire('job', { ttlMs: 600_000 })
      holding += 1
      expect(holding).toBe(1)
      epochs.push(lease.epoch)
      await append(node.log, lease, lease.epoch)
      holding -= 1
    }

    const all = Promise.all(Array.from({ length: 20 }, (_, n) => work(n % 2 ? a : b)))
    await whileTimePasses([a, b], all)

    expect(epochs).toEqual(Array.from({ length: 20 }, (_, n) => n + 1))
    expect(await bodies(a.log)).toEqual(epochs)
  },

  'those who wait on one node are served in order': async (a: LeasesNode) => {
    const first = await a.leases.acquire('job')
    const served: number[] = []
    const waiting = [1, 2, 3, 4].map(async (n) => {
      await using _lease = await a.leases.acquire('job')
      served.push(n)
    })
    expect(await a.leases.tryAcquire('job')).toBeUndefined()

    await first.release()
    await Promise.all(waiting)

    expect(served).toEqual([1, 2, 3, 4])
  },

  'a wait that is given up leaves the line to the others': async (a: LeasesNode) => {
    const first = await a.leases.acquire('job')
    const [front, back] = [new AbortController(), new AbortController()]
    const givenUp = [front, back].map(({ signal }) => a.leases.acquire('job', { signal }))
    const patient = a.leases.acquire('job')

    back.abort(new Error('the last no longer wants it'))
    front.abort(new Error('the first no longer wants it'))
    const results = await Promise.allSettled(givenUp)
    await first.release()

    expect(results.map((result) => result.status === 'rejected' && String(result.reason))).toEqual([
      'Error: the first no longer wants it',
      'Error: the last no longer wants it',
    ])
    expect((await patient).epoch).toBe(2)
  },

  'a release can be part of the last unit, and no heartbeat brings the lease back': async (
    a: LeasesNode,
    b: LeasesNode,
  ) => {
    const lease = await a.leases.acquire('job', { ttlMs })

    const done = await a.log.commit({ ops: [lease.guard(), lease.releaseOp()], appends: [] })
    await a.clock.advance(ttlMs / 3)
    await flushed(a.log)
    await lease.release()

    expect(done.outcome).toBe('committed')
    expect((await append(a.log, lease, 'too late')).outcome).toBe('refused')
    expect((await b.leases.tryAcquire('job'))?.epoch).toBe(2)
  },

  'closing gives leases back and refuses whoever waits': async (a: LeasesNode, b: LeasesNode) => {
    await a.leases.acquire('job')
    const waiting = Promise.allSettled([a.leases.acquire('job'), a.leases.acquire('job')])

    await a.leases.close()

    const refused = { status: 'rejected', reason: expect.objectContaining({ code: 'kernel.closed' }) }
    expect(await waiting).toEqual([refused, refused])
    expect((await b.leases.tryAcquire('job'))?.epoch).toBe(2)
    await expect(a.leases.tryAcquire('job')).rejects.toMatchObject({ code: 'kernel.closed' })
  },
}

/** Names of the promises. */
export type LeasesCase = keyof typeof cases

/** Checks every promise of the leases, with two nodes on one ground. */
export function leasesConformance(name: string, subject: LeasesSubject): void {
  describe(`${name} keeps the leases' promises`, () => {
    const test = casesWith<LeasesCase>(subject.except)
    for (const title of Object.keys(cases) as LeasesCase[])
      test(title, async () => {
        const ground = await subject.open()
        try {
          await cases[title](await ground.node(), await ground.node())
        } finally {
          await ground.close()
        }
      })
  })
}
