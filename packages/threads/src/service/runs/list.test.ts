import { eventually } from '@parley/testkit'
import { expect, test } from 'vitest'
import { openPlane, people } from '../../plane.test.support.js'
import { assistant, text } from '../../protocol/index.js'

async function openRoom() {
  const plane = await openPlane()
  plane.threads.assistant('quick', async function* (_ctx, send) {
    yield send.message([text('done')])
  })
  plane.threads.assistant('hang', async function* (ctx, send) {
    await new Promise((resolve) => ctx.signal.addEventListener('abort', resolve))
    yield send.message([text('late')])
  })
  const helpers = ['quick', 'hang'].map((id) => assistant({ id, name: id }))
  const room = await plane.room({ members: [people.bob!, ...helpers] })
  const list = async (query = '') => (await plane.call('bob', 'GET', `/threads/${room}/runs${query}`)).body
  const invoke = async (id: string): Promise<string> => {
    const body = { assistant_ids: [id] }
    return (await plane.call('alice', 'POST', `/threads/${room}/invocations`, body)).body.runs[0].id
  }
  const isOver = (id: string) =>
    eventually(async () => (await plane.call('alice', 'GET', `/runs/${id}`)).body.completed_at !== null)
  return { ...plane, room, list, invoke, isOver }
}

test('runs are listed newest first in pages that neither repeat nor skip, and only those of the thread', async () => {
  const { call, list, invoke, isOver, room: of } = await openRoom()
  const ids: string[] = []
  // The clock stands still: all have the same time, and their ids break the tie.
  for (let n = 0; n < 5; n++) {
    ids.push(await invoke('quick'))
    await isOver(ids.at(-1)!)
  }
  const other = await call('alice', 'POST', '/threads', {})

  const pages: { id: string }[][] = []
  for (let query = '?limit=2'; query; ) {
    const { items, next_cursor } = await list(query)
    pages.push(items)
    query = next_cursor
      ? `?limit=2&cursor_created_at=${encodeURIComponent(next_cursor.created_at)}&cursor_id=${next_cursor.id}`
      : ''
  }

  expect(pages.map(({ length }) => length)).toEqual([2, 2, 1])
  expect(pages.flat().map(({ id }) => id)).toEqual(ids.toSorted().toReversed())
  expect(pages[0]![0]).toEqual((await call('alice', 'GET', `/runs/${pages[0]![0]!.id}`)).body)
  expect(await list()).toEqual({ items: pages.flat(), next_cursor: null })
  expect((await call('alice', 'GET', `/threads/${other.body.id}/runs`)).body.items).toEqual([])
  expect((await call('bob', 'GET', `/threads/${of}/runs?cursor_id=x`)).status).toBe(400)
})

test('only active runs are listed when asked for', async () => {
  const { call, list, invoke, isOver } = await openRoom()
  const active = await invoke('hang')
  await isOver(await invoke('quick'))

  expect((await list()).items).toHaveLength(2)
  expect((await list('?active=true')).items).toMatchObject([{ id: active, assistant: { id: 'hang' } }])
  await call('alice', 'DELETE', `/runs/${active}`)
  expect(await list('?active=true')).toEqual({ items: [], next_cursor: null })
})

test.each(['limit=0', 'active=1', 'cursor_created_at=now&cursor_id=x'])(
  'the query %s is refused',
  async (query) => {
    const { call, room } = await openRoom()

    expect(await call('bob', 'GET', `/threads/${room}/runs?${query}`)).toMatchObject({ status: 400 })
    // The gate comes first.
    expect(await call('carol', 'GET', `/threads/${room}/runs?${query}`)).toMatchObject({ status: 404 })
  },
)
