import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testPostgres } from '@parley/testkit/services'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { loadConfig } from '../config/load.js'
import { openServerGround } from '../ground.js'
import { openServer } from '../server.test.support.js'

const postgres = await testPostgres()
afterAll(() => postgres?.close())

async function newDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'parley-start-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}

it('says that a port is taken and what to do', async () => {
  const { url } = await openServer()
  const port = Number(new URL(url).port)

  await expect(openServer({ port })).rejects.toMatchObject({
    code: 'server.port_in_use',
    message: expect.stringContaining(`Port ${port} on 127.0.0.1 is taken`),
  })
})

it('says that an address is not one of this machine', async () => {
  await expect(openServer({ host: '203.0.113.7' })).rejects.toMatchObject({ code: 'server.cannot_listen' })
})

it('refuses a data directory that another server uses, and leaves that one alone', async () => {
  const dataDir = await newDirectory()
  const first = await openServer({ databaseUrl: undefined, dataDir })

  await expect(openServer({ databaseUrl: undefined, dataDir })).rejects.toMatchObject({
    code: 'kernel.data_directory_in_use',
  })
  expect((await first.call('/readyz')).status).toBe(200)
})

it('has its keys and handshakes again after a restart', async () => {
  const dataDir = await newDirectory()
  const first = await openServer({ databaseUrl: undefined, dataDir })
  const { key } = await first.newKey('handshake:read')
  const { sessionId } = await first.newHandshake()
  await first.stop()

  const second = await openServer({ databaseUrl: undefined, dataDir })

  expect((await second.call(`/parley/v1/handshakes/${sessionId}`, { key })).status).toBe(200)
  expect((await second.call('/parley/v1/me', { key: first.controlToken })).status).toBe(401)
})

describe.skipIf(!postgres)('on Postgres', () => {
  it('refuses a database without tables or with some missing, until it is migrated', async () => {
    const { url: databaseUrl, drop } = await postgres!.newDatabase()
    onTestFinished(drop)
    const advice = expect.stringContaining('parley db migrate')
    const refusal = { code: 'kernel.unmigrated', message: advice }
    await expect(openServer({ databaseUrl })).rejects.toMatchObject(refusal)

    const { openGround } = await import('@parley/kernel/ground')
    await (await openGround({ database: databaseUrl })).close()
    await expect(openServer({ databaseUrl })).rejects.toMatchObject(refusal)

    const migrating = loadConfig({}, { databaseUrl, migrate: 'auto' })
    await (await openServerGround(migrating, () => {})).close()
    const server = await openServer({ databaseUrl })
    expect((await server.call('/readyz')).status).toBe(200)
  })
})
