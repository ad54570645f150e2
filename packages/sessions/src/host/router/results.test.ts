import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fakeClock } from '@parley/testkit'
import { expect, test } from 'vitest'
import type { HostResponse } from '../../protocol/index.js'
import { tempDirectory } from '../spool/spool.test.support.js'
import { createRouter } from './index.js'
import { openTestResults } from './router.test.support.js'

function counter(): { run: () => Promise<HostResponse>; runs: () => number } {
  let runs = 0
  return { run: () => Promise.resolve({ status: 202, body: { run: ++runs } }), runs: () => runs }
}

test('a repeated key runs nothing and gets the first answer', async () => {
  const results = await openTestResults()
  const { run, runs } = counter()

  const answers = [
    await results.once('k', run),
    await results.once('k', run),
    await results.once('other', run),
  ]

  expect(answers).toEqual([1, 1, 2].map((n) => ({ status: 202, body: { run: n } })))
  expect(runs()).toBe(2)
})

test('a key that is repeated while its call runs waits for the same answer', async () => {
  const results = await openTestResults()
  const { run, runs } = counter()

  const answers = await Promise.all([results.once('k', run), results.once('k', run)])

  expect(answers[0]).toEqual(answers[1])
  expect(runs()).toBe(1)
})

test('a repeated key gets the first answer after a restart too', async () => {
  const path = join(tempDirectory(), 'results')
  const first = await openTestResults({ path })
  const { run, runs } = counter()
  const answer = await first.once('k', run)
  await first.close()

  const second = await openTestResults({ path })

  expect(await second.once('k', run)).toEqual(answer)
  expect(runs()).toBe(1)
})

test('a call that was under way when the host ended is not run again', async () => {
  const path = join(tempDirectory(), 'results')
  const first = await openTestResults({ path })
  void first.once('k', () => new Promise(() => {}))
  await first.once('after it', counter().run)

  // The first host is killed here.
  const second = await openTestResults({ path })
  const { run, runs } = counter()

  expect(await second.once('k', run)).toMatchObject({ status: 500 })
  expect(runs()).toBe(0)
})

test('a torn last line is passed over', async () => {
  const path = join(tempDirectory(), 'results')
  const first = await openTestResults({ path })
  const { run, runs } = counter()
  await first.once('k', run)
  await first.close()
  appendFileSync(path, '{"key":"torn","at":17')

  const second = await openTestResults({ path })
  await second.once('k', run)
  await second.once('torn', run)

  expect(runs()).toBe(2)
})

test('results are forgotten after 24 hours', async () => {
  const clock = fakeClock()
  const results = await openTestResults({ clock })
  const { run, runs } = counter()
  await results.once('k', run)

  await clock.advance(24 * 3_600_000 - 1)
  await results.once('k', run)
  expect(runs()).toBe(1)
  await clock.advance(1)
  await results.once('k', run)

  expect(runs()).toBe(2)
})

test('only the last ones are kept, in memory and in the file', async () => {
  const path = join(tempDirectory(), 'results')
  const results = await openTestResults({ path, limit: 10 })
  const { run, runs } = counter()
  for (let n = 0; n < 100; n++) await results.once(`k${n}`, run)

  await results.once('k95', run)
  expect(runs()).toBe(100)
  await results.once('k0', run)

  expect(runs()).toBe(101)
  expect(readFileSync(path, 'utf8').split('\n').length).toBeLessThan(50)
})

test('a refusal is kept as any other answer, and the router gives it again', async () => {
  const results = await openTestResults()
  let runs = 0
  const refuse = () => {
    runs++
    throw new Error(`no ${runs}`)
  }
  const router = createRouter({ routes: [['POST', '/x', refuse]], results, onFault: () => {} })

  const answers = [1, 2].map(() => router.answer({ method: 'POST', path: '/x', key: 'k' }))

  for (const answer of await Promise.all(answers))
    expect(answer).toEqual({ status: 500, body: { error: 'no 1' } })
})
