import { expect, test } from 'vitest'
import { openPlane, people } from '../../plane.test.support.js'
import { answerPart, deciding, formPart, schema, told } from './decisions.test.support.js'

test('a form is answered once, by somebody else, with values that fit', async () => {
  const { send, events } = await deciding()
  const { status, body: asked } = await send('alice', formPart())

  const own = await send('alice', answerPart(asked.id))
  const wrong = await send('bob', answerPart(asked.id, { values: { name: 'x', day: 'soon' } }))
  const none = await send('bob', answerPart(asked.id, { values: null }))
  const right = await send('bob', answerPart(asked.id))
  const late = await send('bob', answerPart(asked.id))

  expect(status).toBe(201)
  expect(told(own)).toEqual([403, 'whoever asks can not answer'])
  expect(told(wrong)).toEqual([
    400,
    'content[0].values: values.name needs at least 2 characters. values.day is not a valid date.',
  ])
  expect(told(none)).toEqual([400, 'content[0].values: values.name is missing.'])
  expect(right).toMatchObject({ status: 201, body: { content: [{ values: { name: 'Ada' } }] } })
  expect([late.status, late.body.error]).toEqual([
    409,
    { code: 'conflict', message: 'this form was answered by bob' },
  ])
  expect((await events()).filter(({ type }) => type === 'message')).toHaveLength(2)
})

test('an answer that is sent again is answered with what was stored first', async () => {
  const { send } = await deciding()
  const { body: asked } = await send('alice', formPart(), { client_id: 'ask' })
  const again = await send('alice', formPart(), { client_id: 'ask' })

  const first = await send('bob', answerPart(asked.id), { client_id: 'answer' })
  const replay = await send('bob', answerPart(asked.id), { client_id: 'answer' })

  expect([again.status, again.body.id]).toEqual([200, asked.id])
  expect([first.status, replay.status]).toEqual([201, 200])
  expect(replay.body).toEqual(first.body)
})

test('a form is cancelled without values, and then it is over', async () => {
  const { send } = await deciding()
  const { body: asked } = await send('alice', formPart())

  const cancelled = await send('bob', answerPart(asked.id, { status: 'cancelled', values: null }))

  expect(cancelled.status).toBe(201)
  expect(told(await send('bob', answerPart(asked.id)))).toEqual([409, 'this form was cancelled by bob'])
})

test('several forms of one message are answered each for itself, or together', async () => {
  const { call, id } = await deciding()
  const post = (who: string, ...content: object[]) =>
    call(who, 'POST', `/threads/${id}/messages`, { content })
  const { body: asked } = await post(
    'alice',
    formPart(),
    formPart({ form_id: 'f2' }),
    formPart({ form_id: 'f3' }),
  )

  const together = await post('bob', answerPart(asked.id), answerPart(asked.id, { form_id: 'f3' }))
  const half = await post('bob', answerPart(asked.id, { form_id: 'f2' }), answerPart(asked.id))
  const alone = await post('bob', answerPart(asked.id, { form_id: 'f2' }))
  const twice = await post('alice', formPart(), formPart())

  expect(together.status).toBe(201)
  expect(told(half)).toEqual([409, 'this form was answered by bob'])
  // The message was refused whole: its other answer did not count either.
  expect(alone.status).toBe(201)
  expect(told(twice)).toEqual([400, 'content[1].form_id is used twice in this message'])
})

test('one message can not answer the same form twice', async () => {
  const { call, id, send } = await deciding()
  const { body: asked } = await send('alice', formPart())

  const content = [answerPart(asked.id), answerPart(asked.id)]
  const refused = await call('bob', 'POST', `/threads/${id}/messages`, { content })

  expect(told(refused)).toEqual([400, 'content[1].answers_event_id is used twice in this message'])
  expect((await send('bob', answerPart(asked.id))).status).toBe(201)
})

test('a part that answers nothing asked here is stored as it is', async () => {
  const { send, room, call } = await deciding()
  const { body: asked } = await send('alice', formPart())
  const other = await room({ members: [people.bob!] })
  const part = answerPart(asked.id, { values: null })

  for (const stray of [
    answerPart('evt_nowhere'),
    answerPart(asked.id, { form_id: 'f9', values: null }),
    { ...part, answers_event_id: null },
  ])
    expect(await send('bob', stray)).toMatchObject({ status: 201, body: { content: [stray] } })
  const elsewhere = await call('bob', 'POST', `/threads/${other}/messages`, { content: [part] })
  expect(elsewhere.status).toBe(201)
  expect((await send('bob', answerPart(asked.id))).status).toBe(201)
})

test.each([
  {},
  { type: 'object' },
  { type: ['object', 'null'], properties: { name: true } },
  {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    allOf: [{ minProperties: 1 }],
    properties: { a: { oneOf: [] } },
  },
])('a schema with words that are not checked is asked all the same: %j', async (plain) => {
  const { send } = await deciding()

  const { status, body: asked } = await send('alice', formPart({ schema: plain }))
  const { status: answered } = await send('bob', answerPart(asked.id, { schema: plain, values: { a: 1 } }))

  expect([status, answered]).toEqual([201, 201])
})

test.each([
  [{ type: 'string' }, 'content[0].schema: A form has to be of type object.'],
  [{ properties: [] }, 'content[0].schema: properties has to be an object.'],
  [{ properties: { a: { pattern: '(' } } }, /^content\[0\]\.schema: a has a pattern that does not compile/],
  [{ title: 'x'.repeat(70_000) }, 'content[0].schema: question takes at most 65536 bytes.'],
])('a schema that no values can be checked against is refused', async (broken, message) => {
  const { send, events } = await deciding()
  const before = (await events()).length

  const { status, body } = await send('alice', formPart({ schema: broken }))

  expect([status, body.detail]).toEqual([
    400,
    typeof message === 'string' ? message : expect.stringMatching(message),
  ])
  expect(await events()).toHaveLength(before)
})

test('a pattern that never ends is given up, not waited for', async () => {
  const { send } = await deciding()
  const slow = { type: 'object', properties: { name: { type: 'string', pattern: '^(a+)+$' } } }
  const { body: asked } = await send('alice', formPart({ schema: slow }))

  const { status, body } = await send('bob', answerPart(asked.id, { values: { name: `${'a'.repeat(60)}!` } }))

  expect([status, body.detail]).toEqual([400, expect.stringContaining('in time')])
})

test('the gate comes first: strangers learn nothing of a form', async () => {
  const { send } = await deciding()
  const { body: asked } = await send('alice', formPart())

  const statuses = []
  for (const who of ['', 'dave', 'carol'])
    statuses.push((await send(who, answerPart(asked.id, { values: null }))).status)

  expect(statuses).toEqual([401, 404, 404])
})

test('a message that is taken back takes its open forms along', async () => {
  const { send, call, id } = await deciding()
  const { body: asked } = await send('alice', formPart())

  const { status } = await call('alice', 'DELETE', `/threads/${id}/events/${asked.id}`)

  expect(status).toBe(204)
  expect(told(await send('bob', answerPart(asked.id)))).toEqual([409, 'this form was withdrawn'])
})

test('a thread that is deleted leaves no question behind', async () => {
  const { call, room, ground, faults } = await openPlane()
  const id = await room()
  await call('alice', 'POST', `/threads/${id}/messages`, { content: [formPart()] })

  await call('alice', 'DELETE', `/threads/${id}`)

  type Tables = { decisions: { id: string }; questions: { decision_id: string } }
  const tables = ground.db.tables<Tables>()
  expect(await tables.selectFrom('decisions').selectAll().execute()).toEqual([])
  expect(await tables.selectFrom('questions').selectAll().execute()).toEqual([])
  expect(faults).toEqual([])
})

test('a thread with too many open questions takes no more, and says so', async () => {
  const { call, id, send } = await deciding({}, { limits: { writesPer10Seconds: 1_000 } })
  const forms = Array.from({ length: 50 }, (_, n) => formPart({ form_id: `f${n}` }))
  for (let n = 0; n < 10; n++) await call('alice', 'POST', `/threads/${id}/messages`, { content: forms })

  const refused = await send('alice', formPart())

  expect(told(refused)).toEqual([429, '500 questions are open in this thread already'])
  expect((await send('alice', { type: 'text', text: 'x' })).status).toBe(201)
})

test('what is asked is what counts, whatever schema the answer repeats', async () => {
  const { send } = await deciding()
  const { body: asked } = await send('alice', formPart())

  const { status } = await send('bob', answerPart(asked.id, { schema: {}, values: { name: 'x' } }))

  expect(schema.properties.name.minLength).toBe(2)
  expect(status).toBe(400)
})
