import { expect, test } from 'vitest'
import { resumeAt } from './resume.js'

const acked = { epoch: 'a', n: 10 }

test.each([
  [
    'the first link',
    null,
    { epoch: 'a', n: 5, oldest: 1 },
    { kind: 'resume', acked: { epoch: 'a', n: 0 }, isNewEpoch: true },
  ],
  [
    'an empty spool',
    null,
    { epoch: 'a', n: 0, oldest: 1 },
    { kind: 'resume', acked: { epoch: 'a', n: 0 }, isNewEpoch: true },
  ],
  ['the same epoch', acked, { epoch: 'a', n: 12, oldest: 3 }, { kind: 'resume', acked, isNewEpoch: false }],
  ['nothing new', acked, { epoch: 'a', n: 10, oldest: 11 }, { kind: 'resume', acked, isNewEpoch: false }],
  [
    'a spool from a copy',
    acked,
    { epoch: 'a', n: 9, oldest: 1 },
    { kind: 'reset', reason: 'spool behind', hasLost: false },
  ],
  [
    'a hole',
    acked,
    { epoch: 'a', n: 20, oldest: 12 },
    { kind: 'reset', reason: 'unknown epoch', hasLost: true },
  ],
  [
    'a new epoch',
    acked,
    { epoch: 'b', n: 3, oldest: 1 },
    { kind: 'resume', acked: { epoch: 'b', n: 0 }, isNewEpoch: true },
  ],
  [
    'a new epoch with a hole',
    acked,
    { epoch: 'b', n: 3, oldest: 2 },
    { kind: 'reset', reason: 'unknown epoch', hasLost: true },
  ],
  [
    'a host of another server',
    null,
    { epoch: 'b', n: 3, oldest: 3 },
    { kind: 'reset', reason: 'unknown epoch', hasLost: false },
  ],
] as const)('%s', (_, stored, hello, expected) => {
  expect(resumeAt(stored, hello)).toEqual(expected)
})
