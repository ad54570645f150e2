import { expect, test } from 'vitest'
import { Outbox } from './outbox.js'

const signal = (payload: string) => ({ kind: 'signal', stream: 'x', payload }) as const

test('hints past the bound become one message that something was lost', () => {
  const outbox = new Outbox()
  for (let n = 0; n < 10_001; n++)
    outbox.add({ kind: 'moved', heads: [{ stream: `x:${n}`, seq: 1 }] }, undefined)

  const [packet] = outbox.take()

  expect(packet?.messages[0]).toBe('["g"]')
  expect(packet?.messages).toHaveLength(2)
  expect(outbox.isEmpty).toBe(true)
})

test('messages past the bound are lost', () => {
  const outbox = new Outbox()
  for (let n = 0; n < 10_005; n++) outbox.add(signal('p'), undefined)

  expect(outbox.take()[0]?.messages).toHaveLength(10_000)
})

test('messages travel by receiver, and signals can be dropped', () => {
  const outbox = new Outbox()
  outbox.add(signal('p'), undefined)
  outbox.add({ kind: 'ask', id: '1', topic: 't', message: 'm' }, 'b')
  outbox.add({ kind: 'answer', id: '2', ok: true, text: 'a' }, 'c')

  outbox.dropSignals()

  expect(outbox.take()).toEqual([
    { to: 'b', messages: ['["q","1","t","m"]'] },
    { to: 'c', messages: ['["a","2",1,"a"]'] },
  ])
})
