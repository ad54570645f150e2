import { testGrounds } from '@parley/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openKey } from './key.js'
import { openDeps } from './rooms.test.support.js'

const grounds = await testGrounds()
const hex = '5a'.repeat(32)

async function open(ground = grounds[0]!) {
  const opened = await ground.open()
  onTestFinished(() => opened.close())
  const { store } = await openDeps(opened.ground)
  return (key?: string) => openKey({ store, ground: opened.ground, key })
}

const wrong = { code: 'relay.wrong_key' }

describe.each(grounds)('the key on $name', (ground) => {
  it('is the one that the data was opened with first', async () => {
    const opened = await open(ground)

    expect(Buffer.from(await opened(hex)).toString('hex')).toBe(hex)
    expect(Buffer.from(await opened(Buffer.from(hex, 'hex').toString('base64'))).toString('hex')).toBe(hex)
    await expect(opened('5b'.repeat(32))).rejects.toMatchObject(wrong)
    await expect(opened()).rejects.toMatchObject(wrong)
  })

  it('is decided once when two open at the same time', async () => {
    const opened = await open(ground)
    const settled = await Promise.allSettled([
      opened(hex),
      opened('5b'.repeat(32)),
      opened(hex.toUpperCase()),
    ])

    expect(settled.filter(({ status }) => status === 'rejected').length).toBeGreaterThanOrEqual(1)
    const [first] = settled
    const [good, bad] = first.status === 'fulfilled' ? [hex, '5b'.repeat(32)] : ['5b'.repeat(32), hex]
    await opened(good)
    await expect(opened(bad)).rejects.toMatchObject(wrong)
  })
})

it('is made up when none is given, each time another', async () => {
  const [one, two] = [await (await open())(), await (await open())()]

  expect(one).toHaveLength(32)
  expect(Buffer.from(one)).not.toEqual(Buffer.from(two))
})

it('is none of the next process when it was made up', async () => {
  const opened = await open()
  await opened()
  await expect(opened()).rejects.toMatchObject(wrong)
})

it.each([
  ['URL-safe base64', Buffer.alloc(32, 0xfb).toString('base64url'), 'fb'.repeat(32)],
  ['base64 with a newline', `${Buffer.alloc(32, 0xfb).toString('base64')}\n`, 'fb'.repeat(32)],
  ['hex in capitals', 'FB'.repeat(32), 'fb'.repeat(32)],
])('may be written as %s', async (_name, text, expected) => {
  const opened = await open()
  expect(Buffer.from(await opened(text)).toString('hex')).toBe(expected)
})

it.each(['', 'secret', '5a'.repeat(31), '5a'.repeat(33), 'zz'.repeat(32), 'A'.repeat(42), 'A'.repeat(45)])(
  'is not %j, and nothing of it is shown',
  async (text) => {
    const opened = await open()
    await expect(opened(text)).rejects.toMatchObject({
      code: 'relay.invalid_request',
      message: 'key must be 32 bytes as hex or base64',
    })
  },
)
