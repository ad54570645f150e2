import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { randomFrom } from '../fuzz/random.js'
import { changesOf, readEvents } from './handshake-kill/changes.js'
import { type ServerProcess, startServerProcess } from './handshake-kill/server-process.js'
import { createSubject, type Subject, sendBatch, sendEdit, sender, watch } from './handshake-kill/traffic.js'
import { withSeed } from './seed.js'

const rounds = 3
const subjectsARound = 4
/** Below the contract's limit for one handshake and minute. */
const batchesARound = 15

/** Agents and pages work on all subjects until the server is killed, after so many reports. */
async function workAndKill(server: ServerProcess, subjects: Subject[], killAfter: number): Promise<void> {
  const send = sender(server.url)
  let reports = 0
  let killed: Promise<void> | undefined
  const onReport = () => {
    if (++reports === killAfter) killed = server.kill()
  }
  const untilKilled = async (work: () => Promise<void>, times: number) => {
    for (let n = 0; n < times && !killed; n++)
      await work().catch((error: unknown) => killed ?? Promise.reject(error))
  }
  await Promise.all(subjects.map((subject) => watch(server.url, subject, onReport)))
  await Promise.all(
    subjects.flatMap((subject) => [
      untilKilled(() => sendBatch(send, subject, onReport), batchesARound),
      untilKilled(() => sendBatch(send, subject, onReport), batchesARound),
      untilKilled(() => sendEdit(send, subject, onReport), 100),
    ]),
  )
  expect(killed, 'the server was killed in the middle').toBeDefined()
  await killed
}

async function check(server: ServerProcess, { session, reported }: Subject): Promise<void> {
  const events = await readEvents(server, session.sessionId)
  const changes = changesOf(events)
  const stored = new Map(changes.map(({ key, value }) => [key, value]))

  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1))
  expect(changes.map(({ n }) => n)).toEqual(changes.map((_, index) => index + 1))
  expect(changes.length, 'no change is there twice').toBe(stored.size)
  for (const [key, value] of reported) expect([key, stored.get(key)]).toEqual([key, value])
}

it('a server killed among batches and edits has all it reported, once, and goes on with every handshake', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-chaos-'))
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }))

  await withSeed(async (seed) => {
    const random = randomFrom(seed)
    const subjects: Subject[] = []
    for (let round = 1; round <= rounds; round++) {
      const server = await startServerProcess(dataDir)
      onTestFinished(() => server.kill())
      for (const subject of subjects) await check(server, subject)
      for (let n = 0; n < subjectsARound; n++) subjects.push(await createSubject(sender(server.url)))
      await workAndKill(server, subjects, 30 + random.below(300))
    }
    const server = await startServerProcess(dataDir)
    onTestFinished(() => server.kill())
    for (const subject of subjects) await check(server, subject)
    expect(subjects.map(({ reported }) => reported.size).reduce((sum, size) => sum + size)).toBeGreaterThan(
      90,
    )
  })
})
