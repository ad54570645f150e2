import { fakeClock } from '@parley/testkit'
import { beforeAll, expect, it } from 'vitest'
import { makeKey, openProvider } from './keys.test.support.js'
import { createVerifyOperator } from './operators.js'

const clock = fakeClock()
const good = { aud: 'agent:inst-7', exp: clock.now() / 1_000 + 60, sub: 'ana' }
let key: Awaited<ReturnType<typeof makeKey>>

beforeAll(async () => {
  key = await makeKey('RS256', 'k')
})

it('reads the instance from the audience, with keys at hand or far away', async () => {
  const { jwksUrl } = await openProvider([key.published])
  for (const keys of [{ keys: [key.published] }, jwksUrl]) {
    const verify = createVerifyOperator(keys, clock)

    expect(await verify(await key.sign(good))).toEqual({ instanceId: 'inst-7', subject: 'ana' })
    expect(await verify(await key.sign({ ...good, aud: ['x', 'agent:a:b'], tid: 'org-17' }))).toEqual({
      instanceId: 'a:b',
      tenant: 'org-17',
      subject: 'ana',
    })
  }
})

it.each([
  { aud: 'inst-7' },
  { aud: 'agent:' },
  { aud: 'Agent:inst-7' },
  { aud: ['agent:a', 'agent:b'] },
  { aud: undefined },
  { exp: clock.now() / 1_000 - 1 },
  { exp: undefined },
  { tid: 7 },
])('refuses a token with %j', async (claims) => {
  const verify = createVerifyOperator({ keys: [key.published] }, clock)
  expect(await verify(await key.sign({ ...good, ...claims }))).toBeUndefined()
})

it('takes RS256 only', async () => {
  const other = await makeKey('ES256', 'e')
  const verify = createVerifyOperator({ keys: [key.published, other.published] }, clock)
  expect(await verify(await other.sign(good))).toBeUndefined()
  expect(await verify(await key.signAs('RS512', good))).toBeUndefined()
})
