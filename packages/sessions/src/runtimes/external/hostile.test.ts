import { expect, test } from 'vitest'
import { toHostFrame } from './frames.js'
import { Inbox } from './inbox.js'

// Hosts of others that mean harm.

test('an event that is nested deeper than the stack is stored without its data', () => {
  const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`
  const text = `{"type":"event","seq":1,"sessionId":"s","event":{"type":"rpc","data":${deep},"timestamp":""}}`

  const frame = toHostFrame(text, 0)

  expect(frame).toMatchObject({ kind: 'event', event: { type: 'rpc', data: { truncated: true } } })
  expect(JSON.stringify(frame)).toContain('truncated')
})

test('a host that says again and again that events are lost is not read for ever', () => {
  const inbox = new Inbox('s', 0)
  let said = 0
  while (!inbox.isFull && said < 1_000_000) {
    inbox.addLoss(0)
    said++
  }

  expect(said).toBeLessThan(100_000)
})

test('numbers that are none, and events of other sessions, are left out', () => {
  const inbox = new Inbox('s', 5)
  for (const seq of ['-1', '0', '5', '1.5', '1e400', '"9"', 'null'])
    for (const id of ['s', 'other', '__proto__']) {
      const frame = toHostFrame(
        `{"type":"event","seq":${seq},"sessionId":"${id}","event":{"type":"x","data":{},"timestamp":"never"}}`,
        0,
      )
      if (frame?.kind === 'event') inbox.add(frame, 'channels', 100)
    }

  expect(inbox.isEmpty).toBe(true)
})
