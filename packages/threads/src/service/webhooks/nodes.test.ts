import { createOutbox } from '@parley/kernel/delivery'
import { type Ground, openGround } from '@parley/kernel/ground'
import { eventually, testGrounds } from '@parley/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createThreads } from '../../create.js'
import { text, user } from '../../protocol/index.js'
import { toCaller } from '../caller.js'
import { openReceiver } from './receiver.test.support.js'

const ann = user({ id: 'u_ann', name: 'Ann' })
const caller = toCaller(ann, [])
const grounds = await testGrounds()

async function openNode(ground: Ground) {
  const threads = createThreads({
    ground,
    authenticate: () => ann,
    webhooks: { allowPrivateAddresses: true },
    limits: { writesPer10Seconds: 10_000 },
  })
  onTestFinished(() => threads.stop())
  await threads.ready
  const [service, webhooks] = [await threads.service(), await threads.webhooks()]
  const say = (id: string, word: string) =>
    service.sendMessage(caller, id, () => ({ content: [text(word)], metadata: {}, recipients: null }))
  return { threads, service, webhooks, say }
}

for (const { name, open } of grounds.filter(({ name }) => name !== 'SQLite in memory'))
  describe(name, () => {
    it('what was committed and not sent is sent by the next process', async () => {
      const { ground, database, close } = await open()
      onTestFinished(close)
      const receiver = await openReceiver()
      const first = await openNode(ground)
      const { endpoint } = await first.webhooks.create({ url: receiver.url, eventTypes: ['message'] })
      const { id } = await first.service.createThread(caller, {})
      // The process ends before it could send: its queue begins nothing more, and commits go on.
      await first.threads.stop()
      await first.say(id, 'x')
      const outbox = createOutbox(ground)
      const before = await outbox.list({ queue: 'threads.webhook', subject: endpoint.id })
      await ground.close()

      const again = await openGround({ database, migrate: false })
      onTestFinished(() => again.close())
      await openNode(again)
      await eventually(() => receiver.received.length > 0)

      expect(before.map(({ state }) => state)).toEqual(['waiting'])
      expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([before[0]!.id])
    })
  })

for (const { name, open } of grounds.filter(({ engine }) => engine === 'postgres'))
  describe(`${name}, two nodes`, () => {
    async function openTwo() {
      const { ground, another, close } = await open()
      onTestFinished(close)
      const nodes = [await openNode(ground), await openNode(await another!())] as const
      return { ground, nodes, receiver: await openReceiver() }
    }

    it('each event of either node is sent once, in the order of its thread', async () => {
      const { nodes, receiver } = await openTwo()
      const [a, b] = nodes
      await a.webhooks.create({ url: receiver.url, eventTypes: ['message'] })
      // The first endpoint of all is known elsewhere as soon as its signal has come.
      const { id: probe } = await b.service.createThread(caller, {})
      await eventually(async () => {
        await b.say(probe, 'probe')
        return receiver.received.length > 0
      })
      const { id } = await a.service.createThread(caller, {})

      await Promise.all(Array.from({ length: 40 }, (_, n) => nodes[n % 2]!.say(id, `${n}`)))
      const ofThread = () => receiver.received.filter(({ json }) => json.data.thread_id === id)
      await eventually(() => ofThread().length >= 40)

      const page = await a.service.readEvents(caller, id, () => ({
        limit: 500,
        order: 'asc',
        types: ['message'],
      }))
      expect(ofThread().map(({ json }) => json.data)).toEqual(JSON.parse(page).items)
      const ids = receiver.received.map(({ headers }) => headers['webhook-id'])
      expect(new Set(ids).size).toBe(ids.length)
    })

    it('where there are endpoints, a new one and a removed one count on every node at once', async () => {
      const { nodes, receiver, ground } = await openTwo()
      const [a, b] = nodes
      const { url } = receiver
      await b.webhooks.create({ url, eventTypes: ['run.started'] })
      const { id } = await a.service.createThread(caller, {})
      const unheard: string[] = []

      for (let n = 0; n < 10; n++) {
        const { endpoint } = await a.webhooks.create({ url, eventTypes: ['message'] })
        const { event } = await b.say(id, 'heard')
        const { items } = await b.webhooks.deliveries(endpoint.id)
        expect(items.map(({ event_id }) => event_id)).toEqual([event.id])
        await a.webhooks.remove(endpoint.id)
        unheard.push((await b.say(id, 'unheard')).event.id)
      }

      const stored = await createOutbox(ground).list({ queue: 'threads.webhook', limit: 500 })
      expect(stored.filter(({ target }) => unheard.includes(String(target.event_id)))).toEqual([])
    })
  })
