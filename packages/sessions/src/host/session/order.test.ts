import { eventually } from '@parley/testkit'
import { expect, test } from 'vitest'
import { rawAgent, shortly, TestHost, textOf, type Wire } from './sessions.test.support.js'

async function rawHost(code: string) {
  const host = await TestHost.open()
  await host.start([], { args: await rawAgent(host.dir, code) })
  return host
}

test('a thousand chunks and the answer in one write are recorded in that order', async () => {
  const host = await rawHost(`
    let all = ''
    for (let n = 1; n <= 1000; n++) all += line(update(n + ' '))
    write(all + line({ id, result: { stopReason: 'end_turn' } }))`)

  const said = await host.say('go')

  expect(said).toBe(Array.from({ length: 1_000 }, (_, index) => `${index + 1} `).join(''))
  expect(shortly(host.events).at(-1)).toBe('session/prompt response')
})

test('requests between notifications keep their place, and their answers follow them', async () => {
  const host = await rawHost(`
    const read = (n) => ({ id: 'r' + n, method: 'nobody/knows', params: { n } })
    write([1, 2, 3].map((n) => line(update('u' + n)) + line(read(n))).join(''))
    let answers = 0
    onMessage = (message) => {
      if (++answers === 3) send({ id, result: { stopReason: 'end_turn' } })
    }`)

  await host.say('go')

  const fromAgent = host
    .rpc()
    .filter(({ direction, method }) => direction === 'agent_to_client' && method !== 'initialize')
  expect(
    fromAgent
      .slice(1)
      .map(({ method, payload }: Wire) => payload.update?.content.text ?? payload.n ?? method),
  ).toEqual(['u1', 1, 'u2', 2, 'u3', 3, 'session/prompt'])
  const answers = host.rpc().filter(({ method, phase }) => method === 'nobody/knows' && phase === 'response')
  expect(answers).toHaveLength(3)
  expect(answers[0]).toMatchObject({ direction: 'client_to_agent', payload: { error: { code: -32601 } } })
})

test('a question and the answer of the turn in one write: the question stays open', async () => {
  const host = await rawHost(`
    write(line({ id: 'p', method: 'session/request_permission', params: { sessionId: 'raw', toolCall: { toolCallId: 't' },
      options: [{ optionId: 'a', name: 'A', kind: 'allow_once' }] } }) + line({ id, result: { stopReason: 'end_turn' } }))`)

  await host.say('go')

  expect(shortly(host.events).slice(-3)).toEqual([
    'session/request_permission request',
    'permission_request',
    'session/prompt response',
  ])
  const [{ requestId }] = host.of('permission_request')
  expect((await host.call('POST', `/sessions/s1/permissions/${requestId}`, { optionId: 'a' })).status).toBe(
    200,
  )
})

test('characters that are cut between two writes, and lines without an end, are whole again', async () => {
  const host = await rawHost(`
    const bytes = Buffer.from(line(update('grüße 👋')))
    for (const byte of bytes) { process.stdout.write(Buffer.from([byte])); await new Promise(setImmediate) }
    process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result: { stopReason: 'end_turn' } }), () => process.exit(0))`)

  expect(await host.say('go')).toBe('grüße 👋')
})

test('what is no message on stdout is ignored', async () => {
  const host = await TestHost.open()
  await host.start()

  expect(await host.say('garbage')).toBe('Among the noise, an answer.')
  expect(shortly(host.events).slice(4)).toEqual([
    'session/prompt request',
    'session/update notification',
    'session/prompt response',
  ])
})

test('answers that nobody asked for and unknown kinds of updates disturb nothing', async () => {
  const host = await rawHost(`
    send({ id: 999, result: {} })
    send({ method: 'session/update', params: { sessionId: 'raw', update: { sessionUpdate: 'from_the_future', x: 1 } } })
    send({ method: '$/whatever', params: {} })
    send({ id, result: { stopReason: 'end_turn' } })`)

  await host.say('go')

  const updates = host.rpc().filter(({ method }) => method === 'session/update')
  expect(updates[0]?.payload).toMatchObject({ update: { sessionUpdate: 'from_the_future', x: 1 } })
  expect(host.faults).toEqual([])
})

test('a line beyond 10 MiB is left out and said to be; one just below is taken', async () => {
  const host = await rawHost(`
    send(update('x'.repeat(9 * 1024 * 1024)))
    send(update('y'.repeat(11 * 1024 * 1024)))
    send({ id, result: { stopReason: 'end_turn' } })`)

  const said = await host.say('go')

  expect(said).toHaveLength(9 * 1024 * 1024)
  expect(host.of('error')).toEqual([{ message: 'The agent wrote a line that is too long; it was left out.' }])
})

test('while the spool is full an agent is not read, and nothing of what it wrote is lost', async () => {
  const host = await TestHost.open()
  await host.start()
  const empty = host.fill()
  const { body } = await host.prompt('flood 20000')
  await eventually(() => shortly(host.events).includes('session/update notification'))

  // One message may have been on its way; after that nothing is taken, although the agent has much to say.
  const taken = host.events.length
  await host.call('GET', '/sessions/s1/queue')
  for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate)
  expect(host.events.length).toBeLessThanOrEqual(taken + 1)
  empty()
  await host.turnEnded(body.turnId)

  expect(textOf(host.events).match(/flood \d+ /g)).toHaveLength(20_000)
})
