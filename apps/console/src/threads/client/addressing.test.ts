import type { LiveThread, SendOptions, ThreadsClient } from '@parley/threads/client'
import { expect, it } from 'vitest'
import { addressing } from './addressing.js'

it.each([
  ['a written message', 'hi', undefined, { recipients: ['guide'] }],
  ['one that mentions somebody', 'hi', { recipients: ['ben'] }, { recipients: ['ben'] }],
  ['parts', [{ type: 'text' as const, text: 'x' }], undefined, {}],
])('%s goes to whom it should', (_name, content, options, expected) => {
  const { live, sent } = room(['guide'])

  void live.send(content, options)

  expect(sent).toEqual([[content, expected]])
})

it('goes to all when nobody is chosen', () => {
  const { live, sent } = room([])

  void live.send('hi')

  expect(sent).toEqual([['hi', {}]])
})

function room(recipients: readonly string[]) {
  const sent: [unknown, SendOptions | undefined][] = []
  const send: LiveThread['send'] = (content, options) => {
    sent.push([content, options])
    return new Promise(() => {})
  }
  // The casts: nothing else of them is used.
  const client = { openThread: () => ({ send }) as unknown as LiveThread } as unknown as ThreadsClient
  return { live: addressing(client, () => recipients).openThread('th_1'), sent }
}
