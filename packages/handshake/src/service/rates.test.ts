import { describe, expect, test } from 'vitest'
import { openPlane, type Page, type Plane } from '../plane.test.support.js'

const times = async <T>(count: number, run: (n: number) => Promise<T>): Promise<T[]> => {
  const answers: T[] = []
  for (let n = 0; n < count; n++) answers.push(await run(n))
  return answers
}
const statuses = (answers: readonly { status: number }[]) => [...new Set(answers.map(({ status }) => status))]

describe('the budget of an agent', () => {
  // proves: handshake.h17, handshake.h17.window
  test('is shared by context, action and diff, and slides', async () => {
    const plane = await openPlane()
    const page = await plane.create()

    expect(statuses(await times(20, () => plane.context(page)))).toEqual([200])
    await plane.clock.advance(30_000)
    expect(statuses(await times(20, () => plane.act(page, [])))).toEqual([200])
    const diff = () => plane.call('GET', page.diffUrl, { token: page.token })
    expect(statuses(await times(20, diff))).toEqual([200])

    const refused = await plane.context(page)
    expect([refused.status, refused.body]).toEqual([429, { error: 'rate limit exceeded' }])
    expect(refused.headers.get('retry-after')).toBe('30')

    // Refusals are not counted: when the first twenty leave the window there is room for exactly twenty.
    await times(10, () => plane.context(page))
    await plane.clock.advance(30_000)
    expect(statuses(await times(20, () => plane.context(page)))).toEqual([200])
    expect((await plane.context(page)).headers.get('retry-after')).toBe('30')
  })

  test('is not used up by edits, extensions, or another handshake', async () => {
    const plane = await openPlane({ rateLimitPerMinute: 2 })
    const page = await plane.create()
    const other = await plane.create()

    await times(5, () => plane.edit(page, 'a', 1))
    await times(3, () => extend(plane, page))
    await times(2, () => plane.context(other))

    expect(statuses(await times(2, () => plane.context(page)))).toEqual([200])
    expect((await plane.context(page)).status).toBe(429)
  })

  test('does not turn a wrong token into 429', async () => {
    const plane = await openPlane({ rateLimitPerMinute: 1 })
    const page = await plane.create()
    await plane.context(page)

    expect((await plane.context(page)).status).toBe(429)
    expect((await plane.context(page, 'wrong')).body).toEqual({ error: 'invalid token' })
  })
})

describe('failed token checks', () => {
  // proves: handshake.h17.failures
  test('are limited for the address that fails, and a right token is never locked out', async () => {
    const plane = await openPlane()
    const page = await plane.create()

    const failures = await times(65, () => plane.context(page, 'wrong'))

    expect(failures.map(({ status }) => status)).toEqual([
      ...Array.from({ length: 20 }, () => 403),
      ...Array.from({ length: 45 }, () => 429),
    ])
    expect(failures.at(-1)?.headers.get('retry-after')).toBe('60')
    expect(statuses(await times(60, () => plane.context(page)))).toEqual([200])
    expect((await plane.context(page)).status).toBe(429)
  })

  test('are counted apart by address and by handshake, and are forgotten after a minute', async () => {
    const plane = await openPlane({ rates: { failedTokens: 1 } })
    const [page, other] = [await plane.create(), await plane.create()]
    const wrong = (on: Page, remote: string) => plane.call('GET', on.contextUrl, { token: 'wrong', remote })

    expect((await wrong(page, '192.0.2.1')).status).toBe(403)
    expect((await wrong(page, '192.0.2.1')).status).toBe(429)
    expect((await wrong(page, '192.0.2.2')).status).toBe(403)
    expect((await wrong(other, '192.0.2.1')).status).toBe(403)
    await plane.clock.advance(60_000)
    expect((await wrong(page, '192.0.2.1')).status).toBe(403)
  })

  test('never lock out a right browser key', async () => {
    const plane = await openPlane({ rates: { failedTokens: 1 } })
    const page = await plane.create()
    const notify = (key: string) =>
      plane.call('POST', `/handshake/notify/${page.id}/${key}`, { body: { key: 'a' } })

    expect(statuses(await times(3, () => notify('wrong')))).toEqual([403, 429])
    expect((await notify(page.key)).status).toBe(200)
  })
})

const extend = (plane: Plane, page: Page) =>
  plane.call('POST', `/handshake/session/${page.id}/extend`, { token: page.token, body: { extraSeconds: 1 } })

describe('the other buckets', () => {
  test('ten extensions a minute', async () => {
    const plane = await openPlane()
    const page = await plane.create()

    expect(statuses(await times(10, () => extend(plane, page)))).toEqual([200])
    const refused = await extend(plane, page)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60'])
    expect((await plane.context(page)).status).toBe(200)
  })

  test('edits by the user', async () => {
    const plane = await openPlane({ rates: { edits: 3 } })
    const page = await plane.create()

    const answers = await times(4, (n) => plane.edit(page, 'a', n))

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429])
    expect((await plane.context(page)).body.data).toEqual({ a: 2 })
  })

  test('creations by one address; an address that is not known is not one', async () => {
    const plane = await openPlane({ rates: { creations: 2 } })
    const create = (remote: string) => plane.call('POST', '/handshake/session', { remote })

    expect((await times(3, () => create('192.0.2.1'))).map(({ status }) => status)).toEqual([200, 200, 429])
    expect((await create('192.0.2.2')).status).toBe(200)
    expect(statuses(await times(5, () => create('')))).toEqual([200])
    // One subscriber has a whole /64 to choose from.
    const hosts = await times(3, (n) => create(`2001:db8:0:1::${n + 1}`))
    expect(hosts.map(({ status }) => status)).toEqual([200, 200, 429])
    expect((await create('2001:db8:0:2::1')).status).toBe(200)
  })
})
