import { testPostgres } from '@parley/testkit/services'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { openPostgres } from '../../db/postgres/open-postgres.js'
import { newTestDatabase } from '../../db/postgres/test-database.test.support.js'
import { limitTexts, maxTexts } from './limit-texts.js'
import { postgresReader } from './reader.js'

const server = await testPostgres()
afterAll(() => server?.close())

const eventCount = 5_000

/** A reader over one connection, and a stream long enough for a general plan to look expensive. */
async function openReader() {
  const db = await newTestDatabase(server!)
  onTestFinished(() => db.close())
  const { pool, ...own } = await openPostgres({ url: db.url, clock: db.clock, poolSize: 1 })
  onTestFinished(() => own.close())
  await pool.query(
    `insert into streams (id, name, head, at, first) overriding system value values (1, 'x:1', $1::bigint, $1::bigint, 1)`,
    [eventCount],
  )
  await pool.query(
    `insert into events (stream_id, seq, at, id, type, actor, body)
     select 1, n, n, 'e' || n, 't', '{"kind":"user","id":"u"}', repeat('x', 200) from generate_series(1, $1) n`,
    [eventCount],
  )
  await pool.query('analyze events')
  return { pool, reader: postgresReader(pool) }
}

const seqsOf = (events: readonly { seq: number }[]) => events.map(({ seq }) => seq)

describe.skipIf(!server)('a Postgres reader', () => {
  test('gives the same rows with the limit in the text and as a parameter', async () => {
    const { pool, reader } = await openReader()
    const crowded = postgresReader(pool)
    for (let limit = 1; limit <= maxTexts; limit++) {
      await crowded.last('x:1', { limit })
      await crowded.read('x:1', { after: 0, limit })
    }

    for (const limit of [100, 128, 4_999, 5_001]) {
      for (const before of [undefined, 1, 2, 2_500])
        expect(await crowded.last('x:1', { limit, before })).toEqual(
          await reader.last('x:1', { limit, before }),
        )
      for (const after of [0, 2_500, 4_999, 5_000])
        expect(await crowded.read('x:1', { after, limit })).toEqual(
          await reader.read('x:1', { after, limit }),
        )
    }
    expect(seqsOf(await reader.last('x:1', { limit: 3, before: 100 }))).toEqual([97, 98, 99])
    expect(seqsOf((await reader.read('x:1', { after: 100, limit: 3 })).events)).toEqual([101, 102, 103])
  })

  test('is not planned anew for each read of a long stream', async () => {
    const { pool, reader } = await openReader()
    // Postgres compares five plans of their own with the general one, then settles.
    for (let n = 0; n < 10; n++) {
      await reader.last('x:1', { limit: 200 })
      await reader.read('x:1', { after: eventCount - n, limit: 200 })
    }

    const { rows } = await pool.query(
      `select name, generic_plans::int as general from pg_prepared_statements where name like 'parley%' order by name`,
    )
    expect(rows).toEqual([
      { name: 'parley_last_200', general: 5 },
      { name: 'parley_page_200', general: 5 },
    ])
  })
})

describe('the texts of a statement with a limit', () => {
  const textsOf = () => limitTexts('s', (limit) => `limit ${limit}`, '$3')

  test('have it as a literal, under a name of their own', () => {
    expect(textsOf()(50)).toEqual({ name: 's_50', text: 'limit 50', isLiteral: true })
  })

  test('are no more than the bound; the rest have a parameter', () => {
    const texts = textsOf()
    for (let limit = 1; limit <= maxTexts; limit++) expect(texts(limit).isLiteral).toBe(true)

    expect(texts(maxTexts + 1)).toEqual({ name: 's', text: 'limit $3', isLiteral: false })
    expect(texts(1).text).toBe('limit 1')
  })

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1e21, '5; drop' as never])(
    'never hold %s',
    (limit) => {
      expect(textsOf()(limit).isLiteral).toBe(false)
    },
  )
})
