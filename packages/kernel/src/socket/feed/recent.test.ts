import { describe, expect, it } from 'vitest'
import { Entry } from './entry.js'
import { fakeLog } from './fake-log.test.support.js'
import { Recent } from './recent.js'

const entries = (count: number, size = 0) =>
  fakeLog()
    .append('room', count, { size })
    .map((event) => new Entry<undefined>(event, () => ''))

function recentOf(count: number, limits = { events: 5, bytes: 1_000 }) {
  const recent = new Recent<undefined>(limits)
  for (const entry of entries(count)) recent.push(entry)
  return recent
}

describe('recent events', () => {
  it('keep the newest and say when something older is asked for', () => {
    const recent = recentOf(8)

    expect(recent.between(3, 8)?.map(({ seq }) => seq)).toEqual([4, 5, 6, 7, 8])
    expect(recent.between(8, 8)).toEqual([])
    expect(recent.between(2, 8)).toBeUndefined()
    expect(recent.find(3)).toBeUndefined()
    expect(recent.find(4)?.seq).toBe(4)
  })

  it('do not answer for a head that they do not reach', () => {
    expect(recentOf(8).between(7, 9)).toBeUndefined()
    expect(recentOf(0).between(0, 0)).toBeUndefined()
  })

  it('start over after a gap', () => {
    const recent = recentOf(3)
    const [, , , , , sixth] = entries(6)

    recent.push(sixth!)

    expect(recent.find(3)).toBeUndefined()
    expect(recent.between(5, 6)?.map(({ seq }) => seq)).toEqual([6])
  })

  it('are bounded by bytes too, to the point of keeping nothing', () => {
    const recent = new Recent<undefined>({ events: 100, bytes: 1_000 })
    for (const entry of entries(10, 300)) recent.push(entry)
    expect(recent.between(7, 10)?.map(({ seq }) => seq)).toEqual([8, 9, 10])

    for (const entry of entries(1, 5_000)) recent.push(entry)
    expect(recent.find(1)).toBeUndefined()
  })
})
