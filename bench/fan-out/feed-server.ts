// Ours: a durable append to a SQLite file, and its followers by `createAcceptor` and `createFeed`.
import { setTimeout as sleep } from 'node:timers/promises'
import { type Ground, openGround } from '@parley/kernel/ground'
import { systemClock as clock, systemIds as ids, type StreamId } from '@parley/kernel/ids'
import { rawJson } from '@parley/kernel/log'
import { createAcceptor, createFeed } from '@parley/kernel/socket'
import { serve } from '../http/serve.js'
import { createSending } from '../lib/sending.js'
import { bodyNow, toFrameText } from './frame.js'

const stream = 'bench:fan-out' as StreamId
const actor = { kind: 'system', id: 'bench' } as const
let ground: Ground | undefined
const sending = createSending()

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
  /** Writers that each wait for the acknowledgement of their event, until `stopSending`. */
  async append({ writers }: { writers: number }) {
    const write = async () => {
      while (sending.isOn) await append()
    }
    await sending.run(() => Promise.all(Array.from({ length: writers }, write)))
  },
  async pace({ perSecond }: { perSecond: number }) {
    await sending.run(async () => {
      for (let due = performance.now(); sending.isOn; due += 1000 / perSecond) {
        while (performance.now() < due) await sleep(1)
        void append()
      }
    })
  },
  async stopSending() {
    sending.stop()
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
