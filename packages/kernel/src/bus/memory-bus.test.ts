import { expect, test } from 'vitest'
import { busConformance } from './conformance.js'
import { lossyBus } from './lossy-bus.js'
import { memoryBus, memoryBusHub } from './memory-bus.js'

busConformance('the bus in memory', {
  async open() {
    const hub = memoryBusHub()
    const [a, b] = [hub.node('a'), hub.node('b')]
    return { a, b, close: async () => void (await Promise.all([a.close(), b.close()])) }
  },
})

test('a bus that is alone hears nobody and answers itself', async () => {
  const bus = memoryBus({ node: 'only' })
  const heard: unknown[] = []
  bus.onMoved((heads) => heard.push(heads))
  bus.serve('who', async (_message, from) => from)

  bus.moved([{ stream: 'x:1', seq: 1 }])

  expect(await bus.request('only', 'who', '')).toBe('only')
  expect(heard).toEqual([])
  await bus.close()
})

test('two nodes of one name can not meet', () => {
  const hub = memoryBusHub()
  hub.node('a')

  expect(() => hub.node('a')).toThrow(/already/)
})

test('a lossy bus loses every third hint and signal and no question', async () => {
  const hub = memoryBusHub()
  const [a, b] = [lossyBus(hub.node('a'), 3), hub.node('b')]
  const heard: unknown[] = []
  b.onMoved((heads) => heard.push(...heads.map(({ seq }) => seq)))
  b.onSignal((_stream, payload) => heard.push(payload))
  b.serve('echo', async (message) => message)

  for (let seq = 1; seq <= 6; seq++) a.moved([{ stream: 'x:1', seq }])
  for (const payload of ['a', 'b', 'c', 'd']) a.signal('x:1', payload)

  for (const n of ['1', '2', '3', '4']) expect(await a.request('b', 'echo', n)).toBe(n)
  expect(heard).toEqual([1, 2, 4, 5, 'a', 'b', 'd'])
})
