import { Script } from 'node:vm'
import { expect, it, vi } from 'vitest'
import { matchAll } from './patterns.js'

const evil = (n: number) => [{ pattern: `^(a+)+${n}$`, text: `${'a'.repeat(40)}!` }]

it('patterns that take for ever are not tried for ever, by however many forms', () => {
  const runs = vi.spyOn(Script.prototype, 'runInContext')
  expect(matchAll([{ pattern: '^a$', text: 'a' }])).toEqual([true])

  for (let n = 0; n < 30; n++) expect(matchAll(evil(n))).toBeUndefined()

  expect(runs.mock.calls.length).toBeLessThan(12)
})
