import { describe, expect, it } from 'vitest'
import { openPlaneApp, seqsUntilCaughtUp, someone } from './plane-app.test.support.js'

const root = '/parley/v1/handshakes'

describe('following a handshake', () => {
  /** One event for its creation, and one for each of three edits. */
  async function fourEvents() {
    const plane = await openPlaneApp()
    const page = await plane.create(someone())
    for (const key of ['a', 'b', 'c']) await plane.edit(page, key)
    const follow = async (query: string, headers: Record<string, string> = {}) =>
      seqsUntilCaughtUp(
        await plane.request(`${root}/${page.sessionId}/events${query}`, someone(), { headers }),
      )
    return { ...plane, page, follow }
  }

  it('gives everything, or what is later than a number', async () => {
    const { follow } = await fourEvents()

    expect(await follow('')).toEqual([1, 2, 3, 4])
    expect(await follow('?after=3')).toEqual([4])
    expect(await follow('?after=4')).toEqual([])
  })

  it('goes on where a browser lost it, whatever its address says', async () => {
    const { follow } = await fourEvents()

    expect(await follow('', { 'last-event-id': '2' })).toEqual([3, 4])
    expect(await follow('?after=1', { 'last-event-id': '3' })).toEqual([4])
    expect(await follow('?after=1', { 'last-event-id': 'nonsense' })).toEqual([2, 3, 4])
  })

  it('refuses a number that is none, and a handshake that is none', async () => {
    const { json, page } = await fourEvents()

    expect(await json(`${root}/${page.sessionId}/events?after=-1`, someone())).toMatchObject({
      status: 400,
      body: { code: 'kernel.invalid_request', details: { issues: [{ path: 'after' }] } },
    })
    expect(await json(`${root}/none/events`, someone())).toMatchObject({
      status: 404,
      body: { code: 'handshake.not_found' },
    })
  })

  it('of all handshakes tells which one changed', async () => {
    const { request, edit, page } = await fourEvents()
    const stream = await request(`${root}/live`, someone())
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader()

    expect((await reader.read()).value).toContain('event: ready')
    const next = reader.read()
    await edit(page, 'd')
    const { value } = await next
    await reader.cancel()

    expect(value).toContain('event: handshake')
    expect(value).toContain(page.sessionId)
  })
})

describe('listing handshakes', () => {
  it('gives pages, newest first, until there are no more', async () => {
    const { create, json, clock } = await openPlaneApp()
    const created: string[] = []
    for (let n = 0; n < 5; n++) {
      created.unshift((await create(someone())).sessionId)
      await clock.advance(1)
    }

    const seen: string[][] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const query: string = `?limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`
      const { body } = await json(root + query, someone())
      seen.push(body.handshakes.map(({ id }: { id: string }) => id))
      cursor = body.nextCursor
    }

    expect(seen).toEqual([created.slice(0, 2), created.slice(2, 4), created.slice(4)])
  })

  it.each(['limit=0', 'limit=201', 'limit=x', 'state=closed', 'cursor=nonsense'])(
    'refuses %s',
    async (query) => {
      const { json } = await openPlaneApp()

      expect(await json(`${root}?${query}`, someone())).toMatchObject({ status: 400 })
    },
  )

  it('tells open ones from ended ones', async () => {
    const { create, json } = await openPlaneApp()
    const [open, ended] = [await create(someone()), await create(someone())]
    const end = { method: 'DELETE' }
    expect(await json(`${root}/${ended.sessionId}`, someone(), end)).toEqual({
      status: 200,
      body: { revoked: true },
    })
    const ids = async (state: string) => {
      const { body } = await json(`${root}?state=${state}`, someone())
      return body.handshakes.map(({ id }: { id: string }) => id)
    }

    expect(await ids('open')).toEqual([open.sessionId])
    expect(await ids('ended')).toEqual([ended.sessionId])
    expect((await ids('all')).length).toBe(2)
  })
})

it('a handshake of another tenant looks as if it were not there', async () => {
  const { create, json } = await openPlaneApp()
  const [acme, other] = [someone({ org: 'acme' }), someone({ org: 'other' })]
  const { sessionId } = await create(acme)

  expect((await json(root, acme)).body.handshakes).toHaveLength(1)
  for (const stranger of [other, someone()]) {
    expect((await json(root, stranger)).body.handshakes).toEqual([])
    for (const [path, method] of [
      ['', 'GET'],
      ['/events', 'GET'],
      ['/audit', 'GET'],
      ['', 'DELETE'],
    ]) {
      const answer = await json(`${root}/${sessionId}${path}`, stranger, { method })
      expect(answer).toMatchObject({ status: 404, body: { code: 'handshake.not_found' } })
    }
  }
})

it('giving more time is shown at once', async () => {
  const { create, json } = await openPlaneApp()
  const { sessionId } = await create(someone())
  const init = { method: 'POST', body: JSON.stringify({ extraSeconds: 600 }) }

  const { status, body } = await json(`${root}/${sessionId}/extend`, someone(), init)

  expect(status).toBe(200)
  expect(body.expiresIn).toBeGreaterThan(2_390)
})
