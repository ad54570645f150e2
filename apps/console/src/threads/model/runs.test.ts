import type { Run } from '@parley/threads/protocol'
import { describe, expect, it } from 'vitest'
import { mergeRuns, runDuration } from './runs.js'

const person = { role: 'user' as const, id: 'u', name: 'U', metadata: {} }
const aRun = (id: string, status: Run['status'], second = 0): Run => ({
  id,
  thread_id: 'th_1',
  assistant: { ...person, role: 'assistant' },
  triggered_by: person,
  status,
  started_at: `2026-01-01T00:00:${String(second).padStart(2, '0')}.000000Z`,
  running_at: null,
  completed_at: null,
  error: null,
  idempotency_key: null,
  metadata: {},
})
const show = (runs: readonly Run[]) => runs.map(({ id, status }) => `${id} ${status}`)

describe('the runs of a room', () => {
  it('are the newest first, as they were heard of last', () => {
    const read = [aRun('b', 'running', 2), aRun('a', 'completed', 1)]
    const live = [aRun('c', 'pending', 3), aRun('b', 'completed', 2)]

    expect(show(mergeRuns(read, live))).toEqual(['c pending', 'b completed', 'a completed'])
  })

  it('do not come back once they are over', () => {
    expect(show(mergeRuns([aRun('a', 'failed')], [aRun('a', 'running')]))).toEqual(['a failed'])
  })

  it('are twenty at most', () => {
    const many = Array.from({ length: 25 }, (_, second) => aRun(`r${second}`, 'completed', second))

    expect(mergeRuns(many, [])).toHaveLength(20)
  })
})

it.each([
  [900, 'under 1 s'],
  [1_000, '1 s'],
  [65_000, '1 min 05 s'],
])('%i ms read as "%s"', (ms, words) => {
  const startMs = Date.parse('2026-01-01T00:00:00Z')

  expect(runDuration(aRun('a', 'running'), startMs + ms)).toBe(words)
  const completed_at = new Date(startMs + ms).toISOString()
  expect(runDuration({ ...aRun('a', 'completed'), completed_at }, startMs + 999_999)).toBe(words)
})
