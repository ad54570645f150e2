import type { Random } from '../random.js'
import { anyKey, anyValue } from '../values.js'
import { assistants, type Target } from './target.js'

/** Mostly the value, sometimes anything. */
export const mostly = (random: Random, value: unknown, probability = 0.88): unknown =>
  random.chance(probability) ? value : anyValue(random)

const many = <T>(random: Random, most: number, make: (random: Random) => T): T[] =>
  Array.from({ length: random.below(most) }, () => make(random))

const oddIds = [
  '',
  'x',
  'th_',
  '__proto__',
  'constructor',
  '\u0000',
  '\ud800',
  '../threads',
  'a'.repeat(255),
  'a'.repeat(256),
  'a'.repeat(5_000),
  '%',
  'u_alice',
  'thread:x',
  "'; drop table threads; --",
  '😀',
]

/** An id: mostly the one that is meant. */
export const anyId = (random: Random, id: string): string =>
  random.chance(0.85) ? id : random.pick([...oddIds, random.letters(20)])

const object = (random: Random) => ({ [String(anyKey(random))]: anyValue(random), n: anyValue(random, 1) })

/** Metadata, sometimes with what the plane looks at. */
export const anyMetadata = (random: Random): unknown =>
  mostly(
    random,
    random.pick([
      {},
      object(random),
      { when_running: random.pick(['queue', 'ignore', 'refuse', 'x', 1]) },
      { approval: 'required' },
      { deny: random.pick(['message.send', 'thread.read', 'x']) },
      null,
    ]),
  )

const schemas = [
  {},
  { type: 'object', properties: { age: { type: 'integer', minimum: 1 } }, required: ['age'] },
  { type: 'object', properties: { a: { type: 'string', pattern: '(a+)+$' } } },
  { type: 'object', properties: { a: { $ref: '#' } } },
  { type: 'object', properties: JSON.parse('{"__proto__":{"type":"string"}}') },
  { $ref: 'https://example.test/schema' },
  { allOf: [{}, { not: {} }] },
]

/** A content part, mostly well formed. */
function anyPart(random: Random, { eventId }: Pick<Target, 'eventId'>): unknown {
  if (random.chance(0.1)) return anyValue(random)
  const oddUrl = random.pick(['javascript:alert(1)', 'data:,x', '//x', 'ftp://x', 'https://'])
  const url = mostly(random, random.chance(0.7) ? 'https://example.test/a.png' : oddUrl)
  const file = {
    url,
    mime: mostly(random, 'image/png'),
    name: mostly(random, 'a.png'),
    size: mostly(random, 10),
  }
  const form = {
    form_id: mostly(random, random.pick(['f1', 'f2'])),
    schema: mostly(random, random.pick(schemas)),
    status: mostly(random, random.pick(['pending', 'submitted', 'cancelled', 'x'])),
    values: mostly(random, random.pick([{ age: 3 }, { age: 'x' }, {}, null, object(random)])),
    answers_event_id: mostly(random, random.pick([eventId, null, 'evt_x'])),
    title: mostly(random, 'T'),
  }
  const type = random.pick([
    'text',
    'text',
    'text',
    'image',
    'audio',
    'document',
    'form',
    'form',
    'video',
    '__proto__',
  ])
  if (type === 'text') return { type, text: mostly(random, random.letters(12)) }
  if (type === 'form') return { type, ...form }
  return { type, ...file, ...(random.chance(0.3) && { duration_ms: anyValue(random, 0) }) }
}

export const anyContent = (random: Random, target: Pick<Target, 'eventId'>): unknown =>
  mostly(random, [...many(random, 3, (dice) => anyPart(dice, target)), anyPart(random, target)])

/** A draft of a message. */
export const anyDraft = (random: Random, target: Pick<Target, 'eventId'>): unknown =>
  mostly(random, {
    content: anyContent(random, target),
    ...(random.chance(0.4) && {
      client_id: mostly(random, random.pick(['c1', 'c2', random.letters(10), 'x'.repeat(129)])),
    }),
    ...(random.chance(0.3) && { metadata: anyMetadata(random) }),
    ...(random.chance(0.2) && {
      recipients: mostly(
        random,
        many(random, 4, (dice) => anyId(dice, dice.pick(assistants))),
      ),
    }),
    ...(random.chance(0.05) && { [String(anyKey(random))]: 1 }),
  })

/** Who is invoked, and how. */
export const anyInvocation = (random: Random): Record<string, unknown> => ({
  assistant_ids: mostly(
    random,
    many(random, 4, (dice) => anyId(dice, dice.pick(assistants))),
  ),
  ...(random.chance(0.3) && {
    idempotency_key: mostly(random, random.pick(['k1', 'k2', '', 'x'.repeat(256)])),
  }),
  ...(random.chance(0.3) && { if_active: mostly(random, random.pick(['return', 'queue', 'refuse', 'x'])) }),
})

/** Where to resume. */
export const anySince = (random: Random): unknown =>
  mostly(
    random,
    random.pick([
      { seq: random.pick([0, 1, 2, 100, -1, 1.5, 2 ** 53, '1']) },
      { created_at: '2026-01-01T00:00:00Z', id: 'evt_0' },
      { created_at: '9'.repeat(50), id: '' },
      { created_at: '+275760-09-13T00:00:00.001Z', id: '\u0000' },
      null,
    ]),
  )

/** A member to be added. */
export const anyMember = (random: Random): Record<string, unknown> => ({
  identity: mostly(random, {
    role: mostly(random, random.pick(['user', 'user', 'assistant', 'system'])),
    id: mostly(random, anyId(random, random.pick(['u_carol', 'u_bob', 'echo', random.letters(6)]))),
    name: mostly(random, 'N'),
    ...(random.chance(0.4) && { metadata: mostly(random, { tenant: anyValue(random, 1) }) }),
  }),
  ...(random.chance(0.2) && { role: anyValue(random, 0) }),
})

/** A thread's tenant, mostly one that is allowed. */
export const anyTenant = (random: Random, { tenants }: Pick<Target, 'tenants'>): unknown =>
  mostly(
    random,
    random.pick([...tenants, { org: 'B' }, { org: 1 }, { ['__proto__']: 'x' }, { org: 'a b/c' }]),
  )
