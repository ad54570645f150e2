// Ours: a durable append to a SQLite file, and its followers by `createAcceptor` and `createFeed`.
import { setTimeout as sleep } from 'node:timers/promises'
import { type Ground, openGround } from '@parley/kernel/ground'
import { systemClock as clock, systemIds as ids, type StreamId } from '@parley/kernel/ids'
import { rawJson } from '@parley/kernel/log'
import { createAcceptor, createFeed } from '@parley/kernel/socket'
import { serve } from '../http/serve.js'
import { closedLoop } from '../lib/closed-loop.js'
import { bodyNow, toFrameText } from './frame.js'

const stream = 'bench:fan-out' as StreamId
const actor = { kind: 'system', id: 'bench' } as const
let ground: Ground | undefined

export const role = {
  async start({ database }: { database: string }) {
    const opened = await openGround({ database })
    ground = opened
    const onFault = (error: unknown) => console.error(error)
    const acceptor = createAcceptor({
      clock,
      ids,
      onFault,
      heartbeat: { everyMs: 3_600_000 },
      maxPerKey: 10_000,
    })
    const feed = createFeed({
      log: opened.log,
      outlet: acceptor.outlet,
      encode: ({ seq, body }) => toFrameText(seq, body),
      onFault,
    })
    const { server, port } = await serve()
    server.on('upgrade', (request, socket, head) => {
      const connection = acceptor.accept(request, socket, head, { remoteAddress: '127.0.0.1' })
      connection?.onMessage(() => {})
      // Every follower comes before the first event.
      if (connection) feed.join(stream, connection, { audience: undefined })
    })
    return { port }
  },
  /** Writers that each wait for the acknowledgement of their event. */
  async append({ writers, ms }: { writers: number; ms: number }) {
    await closedLoop({ writers, ms, call: append })
  },
  async pace({ perSecond, ms }: { perSecond: number; ms: number }) {
    const until = performance.now() + ms
    for (let due = performance.now(); due < until; due += 1000 / perSecond) {
      while (performance.now() < due) await sleep(1)
      void append()
    }
  },
  async close() {
    await ground?.close()
  },
}

const append = (): Promise<unknown> =>
  ground!.log.commit({
    ops: [],
    appends: [{ stream, drafts: [{ type: 'bench.happened', actor, body: rawJson(bodyNow()) }] }],
  })
