import { expect, test } from 'vitest'
import { topSelfTimes } from './profile.js'

const node = (id: number, functionName: string, url = '') => ({
  id,
  callFrame: { functionName, url, lineNumber: 4 },
})

test('the self times of a profile are shares of the time that was not idle', () => {
  const nodes = [
    node(1, '(idle)'),
    node(2, 'busy', 'file:///a/b/c.js'),
    node(3, ''),
    node(4, 'busy', 'file:///a/b/c.js'),
  ]

  const top = topSelfTimes({ nodes, samples: [1, 2, 3, 4], timeDeltas: [500, 50, 25, 25] }, 5)

  expect(top).toEqual([
    { name: 'busy b/c.js:5', share: 0.75 },
    { name: '(anonymous)', share: 0.25 },
  ])
})
