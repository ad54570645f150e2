import { appendFile, readdir, readFile, readlink, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { eventually } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { type LinkedStage, openLinkedStage, openWire } from './support/linked-stage.js'
import { ask, chunkIn, demoSpawn } from './support/stage.js'

/** What the agent said, piece by piece. */
const pieces = async (stage: LinkedStage, id: string) =>
  (await stage.logs(id)).map(({ data }) => chunkIn(data)).filter((piece) => piece !== undefined)

const chunks = (count: number) => Array.from({ length: count }, (_, index) => `chunk ${index + 1} `)

/** Ports on which a process listens, by the system's tables. */
async function portsOf(pid: number): Promise<string[]> {
  const names = await readdir(`/proc/${pid}/fd`)
  const links = await Promise.all(names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')))
  const own = new Set(links.map((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1]).filter(Boolean))
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8')))
  const lines = tables.flatMap((table) => table.trim().split('\n').slice(1))
  return lines
    .map((line) => line.trim().split(/\s+/))
    .flatMap((columns) => {
      const [, address = '', , state, , , , , , inode] = columns
      return state === '0A' && own.has(inode) ? [address] : []
    })
}

// proves: sessions.s75
test('a host without an open port is listed, runs sessions and has terminals', async () => {
  const stage = await openLinkedStage()
  const { body: runtimes } = await stage.call('GET', '/runtimes')
  const id = await stage.session()

  expect(await portsOf(stage.hostPid())).toEqual([])
  // The table knows a port when there is one.
  expect(await portsOf(process.pid)).toHaveLength(1)
  expect(runtimes).toMatchObject([{ typeName: 'local', instances: [{ name: 'local', status: 'running' }] }])
  expect(await ask(stage, id, 'echo over the link')).toBe('over the link')
  const peer = await stage.dial()
  await peer.subscribe('terminals')
  peer.send({ action: 'terminal.create', data: '/bin/cat' })
  const { event } = await peer.next((frame) => frame.event?.type === 'terminal.started')
  peer.send({ action: 'terminal.input', terminalId: event.data.terminalId, data: 'typed\n' })
  await peer.next((frame) => frame.event?.type === 'terminal.data' && /typed/.test(frame.event.data.data))
})

describe('while the link is down', () => {
  /** A session in a turn that goes on for a while, with a prompt behind it; then the link goes down. */
  const goOffline = async (queued: string, settings?: object) => {
    const stage = await openLinkedStage()
    const wire = await openWire(stage)
    const id = await stage.session()
    if (settings) await stage.call('PATCH', `/agents/${id}/settings`, settings)
    const peer = await stage.dial()
    await peer.subscribe(`session:${id}`)
    void stage.prompt(id, 'chunks 600 0 1')
    await peer.next(({ event }) => event && chunkIn(event.data) === 'chunk 50 ')
    expect((await stage.prompt(id, queued)).body).toMatchObject({ queued: true, position: 0 })
    wire.down()
    return { stage, wire, id }
  }

  // proves: sessions.s80
  test('a turn goes on to its end, and a question waits until somebody can answer it', async () => {
    const { stage, wire, id } = await goOffline('ask 1')

    const refused = await stage.prompt(id, 'echo no')
    expect(refused).toMatchObject({ status: 503, body: { error: 'host not connected' } })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    await eventually(async () => (await stage.record(id)).permissions.length === 1)
    expect((await stage.call('GET', `/agents/${id}`)).body).toMatchObject({
      status: 'active',
      pendingPermission: null,
    })
    expect((await pieces(stage, id)).length).toBeLessThan(600)
    wire.mend()

    const { requestId } = await eventually(
      async () => (await stage.call('GET', `/agents/${id}`)).body.pendingPermission,
    )
    wire.down()
    const answered = await stage.call('POST', `/agents/${id}/permissions/${requestId}`, { optionId: 'allow' })
    expect(answered.status).toBe(200)
    expect((await stage.record(id)).permissions).toHaveLength(1)
    wire.mend()
    await eventually(async () => (await pieces(stage, id)).length === 601)
    expect(await pieces(stage, id)).toEqual([...chunks(600), '1: allow\n'])
  })

  // proves: sessions.s80
  test('a session that approves by itself asks nobody', async () => {
    const { stage, wire, id } = await goOffline('ask 2', { autoApprovePermissions: true })

    await eventually(async () => {
      const { turn, queue } = await stage.record(id)
      return turn === undefined && queue.length === 0
    })
    expect((await pieces(stage, id)).length).toBeLessThan(600)
    wire.mend()

    await eventually(async () => (await pieces(stage, id)).length === 602)
    const logs = await stage.logs(id)
    expect((await pieces(stage, id)).slice(600).toSorted()).toEqual(['1: allow\n', '2: allow\n'])
    expect(logs.filter(({ type }) => type === 'permission_approved')).toHaveLength(2)
    expect(logs.filter(({ type }) => type === 'permission_request')).toEqual([])
  })
})

describe('the spool of a host that was killed', () => {
  const memory = async (stage: LinkedStage) => demoSpawn('--load', '--state', join(stage.cwd, 'state'))

  // proves: sessions.s79
  test('has a torn record cut off, and numbering goes on', async () => {
    const stage = await openLinkedStage()
    const id = await stage.session({ spawn: await memory(stage) })
    expect(await ask(stage, id, 'echo before')).toBe('before')
    const spool = join(stage.hostDir, 'spool')
    const epoch = await readFile(join(spool, 'epoch'), 'utf8')
    await stage.killHost()
    const segments = (await readdir(spool)).filter((name) => /\d/.test(name)).toSorted()
    await appendFile(join(spool, segments.at(-1)!), Buffer.from('0000001f00c0ffee7b22', 'hex'))

    await eventually(async () => (await stage.logs(id)).some(({ type }) => type === 'session.resumed'))

    expect(await ask(stage, id, 'echo after')).toBe('after')
    expect(await readFile(join(spool, 'epoch'), 'utf8')).toBe(epoch)
    expect(await pieces(stage, id)).toEqual(['before', 'after'])
  })

  // proves: sessions.s79
  test('may be deleted: the next one is taken in as a new one', async () => {
    const stage = await openLinkedStage()
    const id = await stage.session({ spawn: await memory(stage) })
    expect(await ask(stage, id, 'echo before')).toBe('before')
    const spool = join(stage.hostDir, 'spool')
    const epoch = await readFile(join(spool, 'epoch'), 'utf8')
    await stage.killHost()
    await rm(spool, { recursive: true })

    await eventually(async () => (await stage.logs(id)).some(({ type }) => type === 'session.resumed'))

    expect(await ask(stage, id, 'echo after')).toBe('after')
    expect(await readFile(join(spool, 'epoch'), 'utf8')).not.toBe(epoch)
    expect(await pieces(stage, id)).toEqual(['before', 'after'])
  })
})
