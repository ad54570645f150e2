import { manualTimers } from '@parley/testkit'
import { expect, test } from 'vitest'
import { Typing } from './typing.js'

function setUp() {
  const timers = manualTimers()
  const reports: string[] = []
  return { timers, reports, typing: new Typing(250, timers, (key) => reports.push(key)) }
}

test('the first keystroke is reported at once', () => {
  const { typing, reports } = setUp()
  typing.touch('a')
  expect(reports).toEqual(['a'])
})

test('what follows is reported when the typing rests', () => {
  const { timers, typing, reports } = setUp()
  for (let n = 0; n < 5; n += 1) {
    typing.touch('a')
    timers.advance(200)
  }
  expect(reports).toEqual(['a'])

  timers.advance(50)
  expect(reports).toEqual(['a', 'a'])
  typing.touch('a')
  expect(reports.length).toBe(3)
})

test('one keystroke alone is reported once', () => {
  const { timers, typing, reports } = setUp()
  typing.touch('a')
  timers.advance(1000)
  expect(reports).toEqual(['a'])
  expect(timers.pending).toBe(0)
})

test('leaving a control reports what is behind, once', () => {
  const { timers, typing, reports } = setUp()
  typing.touch('a')
  typing.touch('a')
  typing.touch('b')

  typing.flushAll()
  typing.flush('a')
  timers.advance(1000)

  expect(reports).toEqual(['a', 'b', 'a'])
})
