import { eventually } from '@parley/testkit'
import { expect, it } from 'vitest'
import { openServer } from '../server.test.support.js'

it('a stop ends open streams, can be asked for twice, and refuses what comes later', async () => {
  const server = await openServer()
  const { sessionId } = await server.newHandshake()
  const stream = await fetch(`${server.url}/parley/v1/handshakes/${sessionId}/events`, {
    headers: { authorization: `Bearer ${server.controlToken}` },
  })
  const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader()
  for (let text = ''; !text.includes('caught_up'); ) text += (await reader.read()).value

  await Promise.all([server.stop(), server.stop()])

  expect((await reader.read()).done).toBe(true)
  await expect(fetch(`${server.url}/healthz`)).rejects.toThrow()
})

it('a stop lets a batch end and answers it', async () => {
  const server = await openServer()
  const { actionUrl, token } = await server.newHandshake({
    mode: 'form-fill',
    schema: [{ key: 'a', type: 'string' }],
  })
  const actions = ['a', 'b', 'c'].map((key) => ({ type: 'set', key, value: key }))
  const headers = { 'x-handshake-token': token }
  const answer = server.call(actionUrl, {
    key: null,
    headers,
    body: { actions, stream: true, intervalMs: 100 },
  })
  // The batch is under way once its first field can be read.
  const contextUrl = actionUrl.replace('/action/', '/context/')
  await eventually(
    async () => (await server.call(contextUrl, { key: null, headers })).text.includes('"a":{'),
    { everyMs: 50 },
  )

  await server.stop()

  expect((await answer).body).toMatchObject({ ok: true, applied: ['a', 'b', 'c'] })
})
