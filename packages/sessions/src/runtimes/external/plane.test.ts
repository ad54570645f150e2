import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { eventually } from '@parley/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { openPlane, type Plane } from '../../plane.test.support.js'
import { openReceiver } from '../../service/webhooks/receiver.test.support.js'
import { externalRuntime } from './index.js'
import { type Generation, openScriptedHost } from './scripted-host.test.support.js'

const spawn = { command: 'scripted', args: [] }

/** A request of the host to the plane. */
async function pass(plane: Plane, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const answer = await plane.sessions.fetch(
    new Request(`http://localhost${request.url}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: Buffer.concat(chunks).toString(),
    }),
  )
  response.writeHead(answer.status).end(await answer.text())
}

/** A plane whose one runtime is a foreign host; the host reaches the plane over real HTTP. */
async function opened(generation: Generation) {
  const [scripted, receiver] = [await openScriptedHost(generation), await openReceiver()]
  onTestFinished(() => scripted.close())
  const door: { plane?: Plane } = {}
  const server = createServer((request, response) => {
    pass(door.plane!, request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  // The cast: it listens on a port.
  const { port } = server.address() as AddressInfo
  const plane = await openPlane({
    runtimes: { external: externalRuntime({ url: scripted.url }) },
    callbackUrl: `http://127.0.0.1:${port}/api`,
    allowPrivateAddresses: true,
  })
  door.plane = plane
  const id = randomUUID()
  if (generation === 'a') scripted.socketPath = `/sessions/${id}`
  const webhooks = [{ url: receiver.url, secret: 'k' }]
  const made = await plane.call('alice', 'POST', '/agents', { sessionId: id, spawn, webhooks, cwd: '/w' })
  const read = async () => (await plane.call('alice', 'GET', `/agents/${id}`)).body
  const prompt = (text: string) => plane.call('alice', 'POST', `/agents/${id}/prompts`, { text })
  return { plane, scripted, receiver, id, made, read, prompt }
}

for (const generation of ['a', 'b'] as const) {
  const name = `a host of generation ${generation.toUpperCase()}`

  it(`${name}: a session is created, prompted and ended, and webhooks hear of each once`, async () => {
    const { plane, receiver, id, made, read, prompt } = await opened(generation)
    expect(made).toMatchObject({ status: 201, body: { id, status: 'active' } })

    expect(await prompt('echo hello')).toMatchObject({ status: 200, body: { stopReason: 'end_turn' } })
    await prompt('echo again')
    await eventually(async () => (await read()).title === 'echo hello')
    await eventually(() => receiver.received.length >= 2)
    expect(await plane.call('alice', 'DELETE', `/agents/${id}`)).toMatchObject({ status: 200 })
    await eventually(() => receiver.received.length >= 3)

    expect(receiver.types()).toEqual(['end_turn', 'end_turn', 'session_end'])
    expect(await read()).toMatchObject({ status: 'killed' })
    expect(plane.faults).toEqual([])
  })

  it(`${name}: a person answers a permission, and the next is approved by itself`, async () => {
    const { plane, scripted, receiver, id, read, prompt } = await opened(generation)
    const over = prompt('ask')
    const { requestId } = await eventually(async () => (await read()).pendingPermission)
    const answered = await plane.call('alice', 'POST', `/agents/${id}/permissions/${requestId}`, {
      optionId: 'allow',
    })
    expect([answered.status, (await over).body]).toEqual([200, { stopReason: 'end_turn' }])
    await eventually(async () => (await read()).pendingPermission === null)

    await plane.call('alice', 'PATCH', `/agents/${id}/settings`, { autoApprovePermissions: true })
    expect((await prompt('ask')).body).toEqual({ stopReason: 'end_turn' })
    await eventually(() => receiver.received.length >= 3)
    expect(receiver.types()).toEqual(['permission_request', 'end_turn', 'end_turn'])
    const said = scripted.host
      .eventsOf(id)
      .flatMap(({ event }) => JSON.stringify(event).match(/"optionId\\":\\"\w+/g) ?? [])
    expect(said).toEqual(['"optionId\\":\\"allow', '"optionId\\":\\"allow'])
    expect(plane.faults).toEqual([])
  })

  it(`${name}: the message queue sends one per turn`, async () => {
    const { plane, id, read } = await opened(generation)
    for (const text of ['1', '2', '3'])
      expect((await plane.call('alice', 'POST', '/message-queue', { text, sessionId: id })).status).toBe(201)

    await eventually(async () => {
      const { body } = await plane.call('alice', 'GET', '/message-queue')
      return body.every(({ status }: { status: string }) => status === 'sent')
    })
    const prompts = async () =>
      (await read()).logs
        .filter(
          ({ data }: { data: { method?: string; phase?: string } }) =>
            data.method === 'session/prompt' && data.phase === 'request',
        )
        .map(
          ({ data }: { data: { payload: { prompt: { text: string }[] } } }) => data.payload.prompt[0]!.text,
        )
    await eventually(async () => (await prompts()).length === 3)
    expect(await prompts()).toEqual(['1', '2', '3'])
  })
}
