import { settle } from '@parley/testkit'
import { expect, it } from 'vitest'
import { createLanes } from './lanes.js'

function start(atOnce = 2, waiting = 10) {
  const lanes = createLanes({ atOnce, waiting })
  const begun: string[] = []
  const ends = new Map<string, (error?: unknown) => void>()
  const run = (name: string, what: string) =>
    lanes.run(name, () => {
      begun.push(what)
      return new Promise<void>((resolve, reject) =>
        ends.set(what, (error) => (error === undefined ? resolve() : reject(error))),
      )
    })
  const end = async (what: string, error?: unknown) => {
    ends.get(what)!(error)
    await settle()
  }
  return { run, begun, end }
}

it('keeps the order of one name, and works on others meanwhile', async () => {
  const { run, begun, end } = start()
  const all = [run('a', 'a1'), run('a', 'a2'), run('b', 'b1')]
  await settle()
  expect(begun).toEqual(['a1', 'b1'])

  await end('a1')
  expect(begun).toEqual(['a1', 'b1', 'a2'])

  await end('b1')
  await end('a2')
  await Promise.all(all)
})

it('works on so many at once', async () => {
  const { run, begun, end } = start(2)
  const all = ['a', 'b', 'c', 'd'].map((name) => run(name, name))
  await settle()
  expect(begun).toEqual(['a', 'b'])

  await end('b')
  expect(begun).toEqual(['a', 'b', 'c'])
  await end('a')
  await end('c')
  await end('d')
  await Promise.all(all)
})

it('tells each caller of its own failure, and goes on', async () => {
  const { run, begun, end } = start()
  const [first, second] = [run('a', 'a1').catch((error: unknown) => error), run('a', 'a2')]
  await settle()

  await end('a1', new Error('broken'))

  expect(await first).toMatchObject({ message: 'broken' })
  expect(begun).toEqual(['a1', 'a2'])
  await end('a2')
  await second
})

it('refuses when too much waits, and has room again later', async () => {
  const { run, end } = start(1, 2)
  const [first, second] = [run('a', 'a1'), run('a', 'a2')]

  await expect(run('b', 'b1')).rejects.toMatchObject({ code: 'relay.unavailable' })

  await settle()
  await end('a1')
  await first
  const third = run('b', 'b1')
  await end('a2')
  await end('b1')
  await Promise.all([second, third])
})
