import { describe, expect, it } from 'vitest'
import { newPlace, parley, parleyUp } from '../parley.test.support.js'

const bot = 'telegram:7000000001'

describe('parley relay', () => {
  it('adds a bot, enrols a gateway, links a person, and ends the gateway', async () => {
    const place = await newPlace()
    const { url } = await parleyUp(place)
    const run = (...args: string[]) => parley(place, 'relay', ...args)

    expect(await run('platform', 'add', 'sim', '--as', 'telegram', '--bot', '7000000001')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`added ${bot}`),
    })
    expect(await run('platform', 'test', bot)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^well/),
    })
    expect((await run('platform', 'list')).stdout).toMatch(/telegram:7000000001\s+sim\s+.*\bwell\b/)

    const { stdout } = await run('enroll', 'acme', '--gateway', 'gw-1')
    const secret = /^GATEWAY_RELAY_SECRET=([\da-f]{64})$/m.exec(stdout)?.[1]
    expect(stdout).toContain(`GATEWAY_RELAY_URL=${url}\nGATEWAY_RELAY_ID=gw-1\n`)
    expect(stdout).toContain(`GATEWAY_RELAY_BOT_IDS='{"telegram":{"botId":"7000000001"}}'`)
    expect(secret).toBeDefined()

    expect((await run('link', 'telegram', 'acme', 'gw-1')).stdout).toMatch(
      /^\/link [2-9A-Z]{4}-[2-9A-Z]{4}\n/,
    )
    await run('link', 'telegram', 'acme', 'gw-1', '--user', 'ada')
    expect((await run('links')).stdout).toMatch(/telegram\s+ada\s+acme\s+gw-1/)
    expect((await run('gateways')).stdout).toMatch(/gw-1\s+acme\s+gw-1\s+idle\s+never/)
    expect((await run('receipts')).stdout).toMatch(/^RECEIPT/)

    expect(await run('revoke', 'gw-1')).toMatchObject({ code: 0, stdout: 'revoked gw-1\n' })
    expect((await run('gateways')).stdout).toMatch(/gw-1\s+acme\s+gw-1\s+revoked/)
  })

  it('seals with a key of the data directory, also the next time', async () => {
    const place = await newPlace()
    const first = await parleyUp(place)
    await parley(place, 'relay', 'platform', 'add', 'sim', '--as', 'telegram', '--bot', '1')
    await parley(place, 'down')
    await first.ended
    await parleyUp(place)

    expect((await parley(place, 'relay', 'platform', 'list')).stdout).toMatch(/telegram:1\s/)
  })

  it.each([
    [['platform', 'add', 'telegram', '--credential', 'token'], 'must be like token=env:NAME'],
    [['platform', 'add', 'telegram', '--credential', 'token=env:NOPE'], 'NOPE is not set'],
    [['platform', 'test', 'telegram'], 'must be like telegram:7000000001'],
    [['revoke', 'nobody'], 'gateway not found'],
    [['receipts', '--state', 'lost'], 'Allowed choices are'],
  ])('says what is wrong with %j', async (args, expected) => {
    const place = await newPlace()
    await parleyUp(place)

    expect(await parley(place, 'relay', ...args)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(expected),
    })
  })

  it('needs a server', async () => {
    expect(await parley(await newPlace(), 'relay', 'gateways')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('No server runs on this data directory'),
    })
  })
})
