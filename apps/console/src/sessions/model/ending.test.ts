import { expect, it } from 'vitest'
import { endingOf, turnEnding } from './ending.js'

it.each([
  [{ reason: 'terminated', exitCode: -1 }, 'It was ended by a person.'],
  [{ reason: 'agent_exit', exitCode: 7 }, 'Its agent ended with exit code 7.'],
  [{ exitCode: -1 }, 'Its agent was ended.'],
  [{ reason: 'error', message: 'The host lost it.' }, 'The host lost it.'],
  [{}, 'It is over.'],
])('%o reads as "%s"', (ended, words) => {
  expect(endingOf(ended)).toBe(words)
})

it('says how turns end, but not the usual end', () => {
  expect([turnEnding('end_turn'), turnEnding('cancelled'), turnEnding('new_reason')]).toEqual([
    undefined,
    'Stopped',
    'new reason',
  ])
})
