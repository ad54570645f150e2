// A host of somebody else, used by its URL: our own, as a process that listens and knows nothing of the server.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { localRuntime } from '@parley/sessions/runtimes'
import { eventually } from '@parley/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { root } from '../../architecture/checkout.js'
import { chunkIn, openStage, type Stage, saidIn, startTurn } from './support/stage.js'
import { openReceiver } from './support/webhook-receiver.js'

let place: string
let cwd: string
let host: ChildProcess
let hostUrl: string
let stage: Stage
beforeAll(async () => {
  place = await realpath(await mkdtemp(join(tmpdir(), 'parley-e2e-')))
  cwd = place
  const program = join(root, 'packages/sessions/dist/host/main.js')
  const options = ['--data-dir', join(place, '.host'), '--port', '0', '--dir', cwd, '--allow-any-command']
  host = spawn(process.execPath, [program, ...options], { cwd, stdio: ['ignore', 'pipe', 'inherit'] })
  hostUrl = await new Promise((resolve, reject) => {
    host.once('exit', (code) => reject(new Error(`the host ended with ${code}`)))
    createInterface({ input: host.stdout! }).on('line', (line) => {
      const port = /listening on port (\d+)/.exec(line)?.[1]
      if (port) resolve(`http://127.0.0.1:${port}`)
    })
  })
  stage = await openStage({
    cwd,
    runtimes: { local: localRuntime({ url: hostUrl, cwd }) },
    allowPrivateAddresses: true,
  })
})
afterAll(async () => {
  await stage?.close()
  const ended = once(host, 'exit')
  host.kill('SIGTERM')
  await ended
  await rm(place, { recursive: true, force: true })
  expect(stage.faults).toEqual([])
})

// proves: sessions.s64
it('is listed as running, creates sessions and runs their turns, and everything is told', async () => {
  const { body: runtimes } = await stage.call('GET', '/runtimes')
  expect(runtimes).toEqual([expect.objectContaining({ typeName: 'local', onlyOne: true })])
  expect(await stage.call('POST', '/runtimes/local/start')).toMatchObject({
    status: 201,
    body: { status: 'running' },
  })
  const id = await stage.session()
  const peer = await stage.dial()
  await peer.subscribe(`session:${id}`)
  const health = await (await fetch(`${hostUrl}/health`)).json()
  expect(health).toEqual({ status: 'ok', sessions: [{ sessionId: id, status: 'idle' }] })

  const answer = await stage.prompt(id, 'chunks 200')
  expect(answer).toMatchObject({ status: 200, body: { stopReason: 'end_turn' } })
  const isEnd = ({ data }: { data: Record<string, unknown> }) =>
    data.method === 'session/prompt' && data.phase === 'response'
  const logs = await eventually(async () => {
    const all = await stage.logs(id)
    return all.some(isEnd) && all
  })
  const wanted = Array.from({ length: 200 }, (_, n) => `chunk ${n + 1} `)
  expect(logs.flatMap(({ data }) => chunkIn(data) ?? [])).toEqual(wanted)
  await peer.next(({ event }) => event && isEnd(event))
  expect(peer.frames.flatMap(({ event }) => (event && chunkIn(event.data)) ?? [])).toEqual(wanted)
  expect(logs[0]).toMatchObject({ type: 'rpc', data: { method: 'initialize' } })
  const { body: session } = await stage.call('GET', `/agents/${id}`)
  expect(session).toMatchObject({ status: 'active', title: 'chunks 200', cwd })
  // Clients never learn of the host's own address.
  expect(session.websocketUrl).toBe(`ws://${stage.authority}/ws?token=alice`)
})

// proves: sessions.s64
it('queues, asks, cancels, shows files, calls back and ends', async () => {
  const receiver = await openReceiver()
  const id = await stage.session({ webhooks: [{ url: receiver.url, secret: 'k' }] })
  const turn = await startTurn(stage, id)
  expect((await stage.prompt(id, 'echo queued')).body).toEqual({
    queued: true,
    queueId: expect.any(String),
    position: 0,
  })
  expect((await turn.cancel()).status).toBe(200)
  expect((await turn.ended).body).toMatchObject({ stopReason: 'cancelled' })
  await eventually(async () => saidIn(await stage.logs(id)) === 'queued')
  // What it said comes before its turn is over; a prompt in between would be queued.
  await eventually(async () => !(await stage.call('GET', `/agents/${id}/status`)).body.processing)

  const asked = stage.prompt(id, 'ask')
  const { pendingPermission } = await eventually(async () => {
    const { body } = await stage.call('GET', `/agents/${id}`)
    return body.pendingPermission && body
  })
  const answer = await stage.call('POST', `/agents/${id}/permissions/${pendingPermission.requestId}`, {
    optionId: 'allow',
  })
  expect(answer).toMatchObject({ status: 200, body: { ok: true } })
  expect((await asked).body).toMatchObject({ stopReason: 'end_turn' })
  await eventually(async () => saidIn(await stage.logs(id)).endsWith('1: allow\n'))

  await writeFile(join(cwd, 'seen.txt'), 'contents')
  const file = await stage.call('GET', `/agents/${id}/files?path=seen.txt`)
  expect(file).toMatchObject({ status: 200, body: { content: 'contents' } })
  expect((await stage.call('GET', `/agents/${id}/files?path=../x`)).status).toBe(403)
  const list = await stage.call('GET', '/runtimes/local/fs/snapshot')
  expect(list.body.entries).toContainEqual({ path: 'seen.txt', type: 'file' })

  expect(await stage.call('DELETE', `/agents/${id}`)).toMatchObject({ status: 200, body: { ok: true } })
  expect((await stage.call('GET', `/agents/${id}`)).body.status).toBe('killed')
  const types = () => receiver.received.map(({ body }) => body.event.type)
  await eventually(() => types().includes('session_end'))
  expect(types()).toEqual(['end_turn', 'end_turn', 'permission_request', 'end_turn', 'session_end'])
  await receiver.close()
})

// proves: sessions.s64
it('tells of an agent that ended by itself', async () => {
  const id = await stage.session()
  await stage.prompt(id, 'echo alive')
  await eventually(async () => saidIn(await stage.logs(id)) === 'alive')
  void stage.prompt(id, 'crash')

  await eventually(async () => (await stage.call('GET', `/agents/${id}`)).body.status === 'killed')
  const ends = (await stage.logs(id)).filter(({ type }) => type === 'session.terminated')
  expect(ends).toMatchObject([{ data: { exitCode: 7 } }])
})
