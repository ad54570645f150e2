import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openGround } from '@parley/kernel/ground'
import { beforeEach, expect, it, onTestFinished } from 'vitest'
import { importSessionsDir } from './import-sessions-dir.js'
import { openPlane, people } from './plane.test.support.js'

const [one, two] = ['6f1f3d0e-3f77-4b6a-9d59-0d8b1f6f1f11', '6f1f3d0e-3f77-4b6a-9d59-0d8b1f6f1f12']

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'parley-old-'))
  return () => rm(directory, { recursive: true, force: true })
})

let second = 0
const at = () => new Date(1_700_000_000_000 + second++ * 1_000).toISOString().replace('Z', '123456Z')
const rpc = (method: string, phase: string, payload: unknown) => ({
  type: 'rpc',
  data: { method, direction: 'client_to_agent', phase, payload },
  timestamp: at(),
})
const story = () => [
  rpc('initialize', 'response', { agentInfo: { name: 'coder', title: 'The coder' } }),
  rpc('session/new', 'request', { cwd: '/srv/project', mcpServers: [] }),
  rpc('session/prompt', 'request', { prompt: [{ type: 'text', text: 'Fix the test' }] }),
  rpc('session/prompt', 'response', { stopReason: 'end_turn' }),
  { type: 'session.terminated', data: { exitCode: 3 }, timestamp: at() },
]
const lines = (id: string, events: unknown[]) =>
  events
    .map((event, index) => `${JSON.stringify({ seq: index + 1, sessionId: id, agentId: id, event })}\n`)
    .join('')
const write = (name: string, text: string) => writeFile(join(directory, name), text)

async function opened() {
  const ground = await openGround()
  onTestFinished(() => ground.close())
  return ground
}

it('makes old logs ended sessions with their history', async () => {
  const events = story()
  await write(`${one}.jsonl`, lines(one, events))
  const ground = await opened()

  const report = await importSessionsDir({ ground, directory, tenant: { org: 'A' } })

  expect(report).toEqual({ imported: [{ sessionId: one, events: 5 }], skipped: [], problems: [] })
  const { call } = await openPlane({ ground })
  const { body } = await call('bob', 'GET', `/agents/${one}`)
  expect(body).toMatchObject({
    status: 'killed',
    agentName: 'The coder',
    cwd: '/srv/project',
    title: 'Fix the test',
    startedAt: events[0]!.timestamp.replace('123456Z', 'Z'),
    lastUpdatedAt: events[4]!.timestamp.replace('123456Z', 'Z'),
    logs: events,
  })
  expect((await call('dave', 'GET', `/agents/${one}`)).status).toBe(404)
  expect((await call('bob', 'DELETE', `/agents/${one}`)).status).toBe(409)
})

it('does nothing twice, and takes repeats of the original once', async () => {
  const events = story()
  await write(`${one}.jsonl`, lines(one, [...events, ...events]))
  const ground = await opened()
  const first = await importSessionsDir({ ground, directory })

  const again = await importSessionsDir({ ground, directory })

  expect(first.imported).toEqual([{ sessionId: one, events: 5 }])
  expect(again).toEqual({ imported: [], skipped: [one], problems: [] })
  expect((await ground.log.read(`session:${one}`, { after: 0 })).head).toBe(5)
})

it('goes on where it was interrupted', async () => {
  const events = Array.from({ length: 1_200 }, (_, n) => rpc('session/update', 'notification', { n }))
  await write(`${one}.jsonl`, lines(one, events.slice(0, 1_000)))
  const ground = await opened()
  await importSessionsDir({ ground, directory })
  await write(`${one}.jsonl`, lines(one, events))

  const { imported } = await importSessionsDir({ ground, directory })

  expect(imported).toEqual([{ sessionId: one, events: 200 }])
  const stored = await ground.log.read(`session:${one}`, { after: 0, limit: 2_000 })
  expect(stored.events.map(({ body }) => JSON.parse(body))).toEqual(events)
})

it('leaves sessions alone that ran here', async () => {
  const plane = await openPlane()
  const id = await plane.session()
  await write(`${id}.jsonl`, lines(id, story()))
  const whileActive = await importSessionsDir({ ground: plane.ground, directory })
  await (await plane.sessions.service()).terminateSession(people.alice!, id)

  const afterwards = await importSessionsDir({ ground: plane.ground, directory })

  for (const report of [whileActive, afterwards])
    expect(report).toEqual({ imported: [], skipped: [id], problems: [] })
})

it('tells what is damaged, and takes the rest', async () => {
  const [first, last] = [story(), story()]
  const damaged = [
    'no json',
    '[]',
    JSON.stringify({ sessionId: two, event: first[0] }),
    JSON.stringify({ sessionId: one, event: { type: '', data: {}, timestamp: at() } }),
    JSON.stringify({ sessionId: one, event: { type: 'rpc', data: [], timestamp: at() } }),
    JSON.stringify({ sessionId: one, event: { type: 'rpc', data: {}, timestamp: 'yesterday' } }),
    'x'.repeat(5_000),
  ]
  const torn = lines(one, last).slice(0, -20)
  await write(`${one}.jsonl`, `${lines(one, first)}${damaged.join('\n')}\n\n${torn}`)
  await write('..%2Fevil.jsonl', lines('..%2Fevil', first))
  await write('notes.txt', 'not ours')
  const ground = await opened()

  const report = await importSessionsDir({ ground, directory, limits: { lineBytes: 4_000 } })

  expect(report.imported).toEqual([{ sessionId: one, events: 9 }])
  expect(report.problems).toContainEqual({ file: '..%2Fevil.jsonl', message: 'its name is no session id' })
  const inFile = report.problems.filter(({ file }) => file === `${one}.jsonl`)
  expect(inFile.map(({ line, message }) => [line, message])).toEqual([
    [6, 'it is no JSON'],
    [7, 'it holds no event'],
    [8, 'it belongs to another session'],
    [9, 'its event has no type'],
    [10, 'its event has no data'],
    [11, 'its event has no time'],
    [12, 'it is longer than 4000 bytes'],
    [18, 'it is no JSON'],
  ])
})

it('has limits, and follows no links', async () => {
  await write(`${one}.jsonl`, lines(one, story()))
  await write('target', lines(two, story()))
  await symlink(join(directory, 'target'), join(directory, `${two}.jsonl`))
  await mkdir(join(directory, `${one.replace('11', '13')}.jsonl`))
  const ground = await opened()

  const tooLarge = await importSessionsDir({ ground, directory, limits: { fileBytes: 10 } })
  const tooMany = await importSessionsDir({ ground, directory, limits: { events: 2 } })

  expect(tooLarge.imported).toEqual([])
  expect(tooLarge.problems).toHaveLength(3)
  expect(tooMany.imported).toEqual([{ sessionId: one, events: 2 }])
  expect(tooMany.problems).toContainEqual({
    file: `${one}.jsonl`,
    line: 3,
    message: 'only the first 2 events are taken',
  })
})
