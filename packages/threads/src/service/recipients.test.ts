// Messages that name assistants, on every engine, many at once.
import { eventually, testGrounds } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { assistant, type ThreadEvent, text } from '../protocol/index.js'
import { caller, openRoomOn } from './room.test.support.js'

for (const kind of await testGrounds())
  describe(kind.name, () => {
    async function openRoom() {
      const { threads, service, id } = await openRoomOn(kind)
      const join = (who: string) =>
        service.addMember(caller, id, () => ({ identity: assistant({ id: who, name: who }), role: 'member' }))
      const tell = (recipients: string[], clientId?: string) =>
        service.sendMessage(caller, id, () => ({
          content: [text('hi')],
          recipients,
          ...(clientId && { client_id: clientId }),
        }))
      const read = async () => {
        const page = await service.readEvents(caller, id, () => ({ limit: 500, order: 'asc' }))
        return (JSON.parse(page) as { items: ThreadEvent[] }).items
      }
      const typesOf = async (type: string) => (await read()).filter((event) => event.type === type)
      return { threads, join, tell, typesOf }
    }

    // proves: threads.t35
    test('50 messages at once start one run, and ask for one more', async () => {
      const { threads, join, tell, typesOf } = await openRoom()
      let release = () => {}
      const gate = new Promise<void>((resolve) => {
        release = resolve
      })
      threads.assistant('a', async function* (_ctx, send) {
        await gate
        yield send.message([text('done')])
      })
      await join('a')

      const sent = await Promise.all(Array.from({ length: 50 }, () => tell(['a'])))
      release()

      await eventually(async () => (await typesOf('run.completed')).length === 2)
      expect(new Set(sent.map(({ event }) => event.id)).size).toBe(50)
      expect(await typesOf('run.started')).toHaveLength(2)
    })

    // proves: threads.t35
    test('a message that is sent 20 times at once starts one run', async () => {
      const { threads, join, tell, typesOf } = await openRoom()
      threads.assistant('a', async function* (_ctx, send) {
        yield send.message([text('done')])
      })
      await join('a')

      const sent = await Promise.all(Array.from({ length: 20 }, () => tell(['a'], 'once')))

      await eventually(async () => (await typesOf('run.completed')).length === 1)
      expect(new Set(sent.map(({ event }) => event.id)).size).toBe(1)
      expect(await typesOf('run.started')).toHaveLength(1)
    })

    // proves: threads.t35
    test('two assistants that answer each other come to an end', async () => {
      const { threads, join, tell, typesOf } = await openRoom()
      for (const [who, other] of [
        ['ping', 'pong'],
        ['pong', 'ping'],
      ] as const) {
        threads.assistant(who, async function* (_ctx, send) {
          yield send.message([text(`over to ${other}`)], {}, { recipients: [other] })
        })
        await join(who)
      }

      await tell(['ping'])

      await eventually(async () => (await typesOf('run.completed')).length === 9)
      const notices = (await typesOf('message')).filter(({ author }) => author.id === 'parley')
      expect(notices).toHaveLength(1)
    })
  })
