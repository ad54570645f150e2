import { describe, expect, test } from 'vitest'
import { formOf, type Json, openPlane } from '../plane.test.support.js'
import type { ModeHandler } from './modes/index.js'

const schema = [{ key: 'a', type: 'string' }]

/** True when a value that was there at creation is safe from the agent. */
async function protects(options: object, body: Json): Promise<boolean> {
  const plane = await openPlane(options)
  const page = await plane.create({ ...body, context: { a: 'mine' } })
  return (await plane.set(page, { a: 'stolen' }, { stream: false })).body.rejected.length === 1
}

describe('protection', () => {
  // proves: handshake.h36
  test.each<[string, object, Json, boolean]>([
    ['form-fill', {}, { mode: 'form-fill' }, true],
    ['the alias fill-form', {}, { mode: 'fill-form' }, true],
    ['an unknown mode with a schema', {}, { mode: 'mine', schema }, true],
    ['no mode, with a schema', {}, { schema }, true],
    ['no mode', {}, {}, false],
    ['default', {}, { mode: 'default' }, false],
    ['a mode named like a property of objects', {}, { mode: 'constructor' }, false],
    [
      'an unknown mode with a schema, when a schema implies nothing',
      { schemaImpliesForm: false },
      { mode: 'x', schema },
      false,
    ],
  ])('%s', async (_title, options, body, expected) => {
    expect(await protects(options, body)).toBe(expected)
  })

  // proves: handshake.h46
  test.each<[string, Json]>([
    ['no mode', {}],
    ['default', { mode: 'default' }],
    ['an unknown mode', { mode: 'mine' }],
    ['null', { mode: null }],
  ])('%s with modes of 0.1', async (_title, body) => {
    expect(await protects({ modes: '0.1' }, body)).toBe(true)
  })

  // proves: handshake.h46
  test('with modes of 0.1 the context has the shape of forms', async () => {
    const plane = await openPlane({ modes: '0.1' })
    const page = await plane.create({ mode: 'default', context: { a: 1 } })

    const { body } = await plane.context(page)

    expect(Object.keys(body).sort()).toEqual(
      ['context', 'expiresIn', 'meta', 'missing', 'mode', 'schema', 'sessionId'].sort(),
    )
    expect(body).toMatchObject({ mode: 'default', context: { a: { value: 1, by: 'user' } } })
  })
})

// proves: handshake.h36.strict
test('strict modes refuse a name that nobody registered', async () => {
  const plane = await openPlane({ strictModes: true, modeHandlers: { mine: handler([]) } })
  const create = (body: Json) => plane.call('POST', '/handshake/session', { body })

  const refused = await create({ mode: 'yours', schema })
  expect([refused.status, refused.body]).toEqual([400, { error: 'unknown mode' }])
  for (const body of [{}, { mode: 'mine' }, { mode: 'fill-form' }, { mode: 'default' }])
    expect((await create(body)).status).toBe(200)
})

function handler(calls: unknown[]): ModeHandler {
  return {
    setupSession: (session, body) => {
      calls.push(['setup', body.extra])
      session.seed('count', 0)
    },
    contextResponse: (session) => ({ calls: calls.length, data: session.data }),
    processActions: async (session, actions, io) => {
      calls.push(['actions', actions, io.stream, io.intervalMs, await io.gate({ key: 'gate' })])
      session.recordChange('count', null, actions.length, 'agent')
      const reached = await io.push({ type: 'tick', n: 1 })
      await io.sleep(0)
      return { applied: ['count'], rejected: [], errors: [], extra: { reached, missing: ['more'] } }
    },
    processNotify: (session, key, value) => {
      calls.push(['notify', key, value])
      session.recordChange(key, null, value, 'user')
    },
    processWsMessage: (_session, message) => void calls.push(['message', message]),
  }
}

describe('a handler of the application', () => {
  // proves: handshake.h36.custom
  test('gets the calls of its mode', async () => {
    const calls: unknown[] = []
    const plane = await openPlane({ modeHandlers: { mine: handler(calls) } })

    const page = await plane.create({ mode: 'mine', extra: 5 })
    const report = await plane.act(page, [{ op: 'x' }, 2], { intervalMs: 250 })
    await plane.edit(page, 'k', 'v')
    const context = await plane.context(page)

    expect(calls).toEqual([
      ['setup', 5],
      ['actions', [{ op: 'x' }, 2], true, 250, 'pass'],
      ['notify', 'k', 'v'],
    ])
    expect(report.body).toMatchObject({ ok: true, applied: ['count'], reached: 0, missing: ['more'] })
    expect(context.body).toEqual({ calls: 3, data: { count: 2, k: 'v' } })
  })

  test('refuses a session by throwing', async () => {
    const mine = handler([])
    mine.setupSession = () => {
      throw new Error('not like this')
    }
    const plane = await openPlane({ modeHandlers: { mine } })

    const { status, body } = await plane.call('POST', '/handshake/session', { body: { mode: 'mine' } })

    expect([status, body]).toEqual([403, { error: 'not like this' }])
  })

  test('stands in for form-fill under both of its names', async () => {
    const calls: unknown[] = []
    const plane = await openPlane({ modeHandlers: { 'form-fill': handler(calls) } })

    await plane.create(formOf('a'))
    await plane.create({ ...formOf('a'), mode: 'fill-form' })

    expect(calls).toHaveLength(2)
  })

  test('that throws in a batch: what it wrote is kept, done follows, the answer is 500 without detail', async () => {
    const mine = handler([])
    mine.processActions = async (session) => {
      session.recordChange('half', null, 1, 'agent')
      throw new Error('secret detail')
    }
    const plane = await openPlane({ modeHandlers: { mine } })
    const page = await plane.create({ mode: 'mine' })

    const { status, body } = await plane.act(page, [{}])

    expect([status, body]).toEqual([500, { error: 'internal error' }])
    expect(plane.faults.splice(0)).toEqual([expect.objectContaining({ message: 'secret detail' })])
    const events = await plane.ground.log.last(`handshake:${page.id}`, { limit: 10 })
    expect(events.map(({ type }) => type)).toEqual(['handshake.created', 'field.set', 'batch.done'])
    expect((await plane.context(page)).body.data).toMatchObject({ half: 1 })
  })

  test('may leave out the lists that it has nothing to say about', async () => {
    const mine = handler([])
    mine.processActions = async () => ({ applied: ['x'] }) as never
    const plane = await openPlane({ modeHandlers: { mine } })
    const page = await plane.create({ mode: 'mine' })

    expect((await plane.act(page, [])).body).toMatchObject({ applied: ['x'], rejected: [], errors: [] })
  })
})

test('a validator that throws refuses its value, and the batch goes on', async () => {
  const plane = await openPlane({
    validator: (value) => {
      if (value === 'bad') throw new Error('bug')
      return true
    },
  })
  const page = await plane.create(formOf('a', 'b'))

  const { body } = await plane.set(page, { a: 'bad', b: 'good' }, { stream: false })

  expect(body).toMatchObject({ applied: ['b'], errors: [{ key: 'a', msg: 'internal error' }] })
  expect(plane.faults.splice(0)).toHaveLength(1)
})
