import { expect, test } from 'vitest'
import { createHistory } from './history.js'

const event = (seq: number, text = 'x'.repeat(100)) => ({ seq, text, event: { type: 'x', data: {} } })

test('all sessions together take a bounded memory: those that were silent longest go first', () => {
  const history = createHistory({ events: 100, chars: 10_000, sessions: 100, allChars: 1_000 })
  for (let seq = 1; seq <= 50; seq++) history.add(`s${seq % 25}`, event(seq))

  const kept = history.sessions()
  const chars = kept
    .flatMap((id) => history.after(id, 0).events)
    .reduce((sum, { text }) => sum + text.length, 0)

  expect(chars).toBeLessThanOrEqual(1_000)
  expect(kept.at(-1)).toBe('s0')
  expect(kept.length).toBeGreaterThan(3)
})

test('one session alone is kept up to its own limit', () => {
  const history = createHistory({ events: 100, chars: 500, sessions: 100, allChars: 200 })
  for (let seq = 1; seq <= 50; seq++) history.add('s', event(seq))

  expect(history.after('s', 0)).toMatchObject({ isCut: true })
  expect(history.after('s', 0).events.at(-1)).toMatchObject({ seq: 50 })
})
