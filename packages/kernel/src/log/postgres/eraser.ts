import pg from 'pg'
import type { StreamId } from '../../ids/index.js'
import type { Journal } from '../journal.js'

/** What forgets. Each takes the stream's row first, as an append does, so that they wait for each other. */
export function postgresEraser(pool: pg.Pool): Pick<Journal, 'blank' | 'trim' | 'drop'> {
  return {
    blank: (stream, seqs) =>
      onStream(pool, 'select id from streams where name = $1 for no key update', [stream], (run, id) =>
        run(`update events set body = 'null' where stream_id = $1 and seq = any($2::bigint[])`, [id, seqs]),
      ),
    trim: (stream, before) =>
      onStream(pool, trimHead, [stream, before], (run, id) =>
        run('delete from events where stream_id = $1 and seq < (select first from streams where id = $1)', [
          id,
        ]),
      ),
    drop: (stream: StreamId) =>
      onStream(pool, 'delete from streams where name = $1 returning id', [stream], async (run, id) => {
        // WHY: statements of their own. They see what an append committed while the delete waited for it.
        await run('delete from events where stream_id = $1', [id])
        await run('delete from append_keys where stream_id = $1', [id])
      }),
  }
}

const trimHead =
  'update streams set first = greatest(first, least($2::bigint, head + 1)) where name = $1 returning id'

type Run = (text: string, values: unknown[]) => Promise<unknown>
const attempts = 5

async function onStream(
  pool: pg.Pool,
  take: string,
  values: unknown[],
  then: (run: Run, id: unknown) => Promise<unknown>,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(pool, take, values, then)
    } catch (error) {
      const isConflict = error instanceof pg.DatabaseError && ['40P01', '40001'].includes(error.code ?? '')
      if (!isConflict || attempt === attempts) throw error
    }
  }
}

async function once(
  pool: pg.Pool,
  take: string,
  values: unknown[],
  then: (run: Run, id: unknown) => Promise<unknown>,
): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const { rows } = await client.query<{ id: number }>(take, values)
    if (rows[0]) await then((text, more) => client.query(text, more), rows[0].id)
    await client.query('commit')
    client.release()
  } catch (error) {
    client.release(true)
    throw error
  }
}
