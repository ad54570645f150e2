import { eventually, testGrounds } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { assistant, fromIsoTime, type ThreadEvent, text } from '../protocol/index.js'
import { caller, openRoomOn } from './room.test.support.js'

for (const kind of await testGrounds())
  describe(kind.name, () => {
    async function openRoom() {
      const { threads, service, id } = await openRoomOn(kind)
      const read = async (query: { afterSeq?: number; cursor?: { created_at: string; id: string } } = {}) => {
        const page = await service.readEvents(caller, id, () => ({ limit: 1_000, order: 'asc', ...query }))
        return (JSON.parse(page) as { items: ThreadEvent[] }).items
      }
      return { threads, service, id, read }
    }

    // proves: threads.t29
    test('20 writers: numbers without a gap, times that grow, and every cursor finds its place', async () => {
      const { service, id, read } = await openRoom()
      const write = async (writer: number) => {
        for (let n = 0; n < 25; n++)
          await service.sendMessage(caller, id, () => ({
            content: [text(`${writer}.${n}`)],
            metadata: {},
            recipients: null,
          }))
      }
      await Promise.all(Array.from({ length: 20 }, (_, writer) => write(writer)))

      const events = await read()

      const times = events.map(({ created_at }) => fromIsoTime(created_at)!)
      expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 502 }, (_, n) => n + 1))
      expect(times.every((time, n) => n === 0 || time > times[n - 1]!)).toBe(true)
      for (const at of [0, 1, 250, 500, 501]) {
        const { created_at, id: eventId, seq } = events[at]!
        expect(await read({ cursor: { created_at, id: eventId } })).toEqual(events.slice(at + 1))
        expect(await read({ afterSeq: seq })).toEqual(events.slice(at + 1))
        // Ids break ties: one that is larger is after the event, one that is smaller before it.
        expect(await read({ cursor: { created_at, id: '' } })).toEqual(events.slice(at))
        expect(await read({ cursor: { created_at, id: '~' } })).toEqual(events.slice(at + 1))
      }
    })

    // proves: threads.t28
    test('50 at once start one run, and 50 with one key start one set', async () => {
      const { threads, service, id, read } = await openRoom()
      let release = () => {}
      const gate = new Promise<void>((resolve) => {
        release = resolve
      })
      for (const who of ['a', 'b', 'c']) {
        threads.assistant(who, async function* (_ctx, send) {
          await gate
          yield send.message([text(who)])
        })
        const identity = assistant({ id: who, name: who })
        await service.addMember(caller, id, () => ({ identity, role: 'member' }))
      }
      const invoke = (assistantIds: string[], idempotencyKey?: string) =>
        service.invoke(caller, id, () => ({
          assistantIds,
          ifActive: 'return',
          ...(idempotencyKey && { idempotencyKey }),
        }))
      const fifty = <T>(make: () => Promise<T>) => Promise.all(Array.from({ length: 50 }, make))

      const unkeyed = await fifty(() => invoke(['a']))
      const keyed = await fifty(() => invoke(['b', 'c'], 'key'))
      release()

      expect(new Set(unkeyed.map(({ runs }) => runs[0]!.id)).size).toBe(1)
      expect(unkeyed.filter(({ reused }) => reused.length === 0)).toHaveLength(1)
      expect(new Set(keyed.map(({ runs }) => runs.map((run) => run.id).join())).size).toBe(1)
      const ended = async () => (await read()).filter(({ type }) => type === 'run.completed')
      await eventually(async () => (await ended()).length === 3)
      expect((await read()).filter(({ type }) => type === 'run.started')).toHaveLength(3)
    })
  })
