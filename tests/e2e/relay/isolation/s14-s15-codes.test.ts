import { eventually } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import {
  bothGrounds,
  discord,
  type Gateway,
  nobodys,
  openPlane,
  type Plane,
  telegram,
} from '../support/plane.js'

const direct = (userId: string) => ({ userId, chatId: `direct-${userId}`, chatType: 'dm' }) as const
const refused = 'That code is not valid. Ask for a new one and send /link with it here.'
const bound = 'Linked. What you write here goes to your agent from now on.'

async function codeOf(plane: Plane, gateway: Gateway, platform = 'discord'): Promise<string> {
  const { status, body } = await plane.call('/manage/link', { platform }, { token: plane.tokenOf(gateway) })
  expect(status).toBe(200)
  return body.code
}

/** What the bot answered to a direct message, when it has. */
async function answered(plane: Plane, userId: string, text: string): Promise<string> {
  const sim = plane.sim()
  const before = sim.messages(`direct-${userId}`).length
  await sim.say({ ...direct(userId), text })
  const answer = await plane.passing(() => sim.messages(`direct-${userId}`)[before + 1])
  return answer.text
}

const ownersOf = async ({ operator }: Plane, tenant: string) =>
  (await operator.listLinks({ tenant })).map(({ userId, instanceId }) => `${userId} ${instanceId}`).toSorted()

describe.each(bothGrounds)('a link code, on $name', (on) => {
  const open = async () => {
    const plane = await openPlane({ on })
    const a = await plane.enrol('org-a', 'a')
    const b = await plane.enrol('org-b', 'b', { people: ['ben'] })
    const peers = [await plane.greet(a), await plane.greet(b)]
    return { plane, a, b, peers }
  }

  // proves: relay.s14, relay.f27
  test('links whoever sends it directly, once, on its platform', async () => {
    const { plane, a, peers } = await open()
    const code = await codeOf(plane, a)
    const onTelegram = await codeOf(plane, a, 'telegram')

    expect(code).toMatch(/^[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}$/)
    expect(await answered(plane, 'ana', `/link ${onTelegram}`)).toBe(refused)
    expect(await answered(plane, 'ana', `/link  ${code.toLowerCase().replace('-', ' ')} `)).toBe(bound)
    expect(await answered(plane, 'eve', `/link ${code}`)).toBe(refused)
    expect(await ownersOf(plane, 'org-a')).toEqual(['ana inst-a'])
    expect(await ownersOf(plane, 'org-b')).toEqual(['ben inst-b', 'ben inst-b'])
    await plane.sim().say({ ...direct('ana'), text: 'hello' })
    const [{ event }] = await peers[0]!.got('inbound')
    expect([event.text, event.source.user_id]).toEqual(['hello', 'ana'])
  })

  // proves: relay.s14, relay.f27
  test('is good for ten minutes', async () => {
    const { plane, a } = await open()
    const [late, inTime] = [await codeOf(plane, a), await codeOf(plane, a)]
    await plane.pass(590_000)
    expect(await answered(plane, 'ana', `/link ${inTime}`)).toBe(bound)
    await plane.pass(600_000)
    expect(await answered(plane, 'al', `/link ${late}`)).toBe(refused)
  })

  // proves: relay.s14
  test('is for few tries: who was wrong five times has to wait an hour, also with a good one', async () => {
    const { plane, a, b } = await open()
    for (let n = 0; n < 5; n++) expect(await answered(plane, 'eve', '/link ABCD-2345')).toBe(refused)
    expect(await answered(plane, 'eve', `/link ${await codeOf(plane, a)}`)).toBe(refused)
    // Others are not held up by it.
    expect(await answered(plane, 'ana', `/link ${await codeOf(plane, a)}`)).toBe(bound)
    expect(await ownersOf(plane, b.tenant)).toEqual(['ben inst-b', 'ben inst-b'])
    // An hour is long where every step of it is stored.
    if (on !== bothGrounds[0]) return
    await plane.pass(3_600_000)
    expect(await answered(plane, 'eve', `/link ${await codeOf(plane, a)}`)).toBe(bound)
    expect(await ownersOf(plane, b.tenant)).toEqual(['ben inst-b', 'ben inst-b'])
  })

  // proves: relay.s14, relay.s1
  test('is never seen by an agent: not in a group, not in what was said before, not as a command', async () => {
    const { plane, a, b, peers } = await open()
    await plane.operator.link(
      {},
      { tenant: 'org-a', instanceId: 'inst-a', platform: 'discord', userId: 'ana' },
    )
    const codes = [await codeOf(plane, a), await codeOf(plane, b), 'ABCD-2345']
    const sim = plane.sim()
    const group = { chatId: 'C1', scopeId: 'G1' }
    for (const userId of ['ana', 'ben', 'eve'])
      for (const code of codes) {
        await sim.say({ ...group, userId, text: `/link ${code}` })
        await sim.say({ ...group, userId, text: `  /LINK ${code} ` })
        await sim.command({ userId, chatId: 'C1', name: 'link', options: [{ name: 'code', value: code }] })
      }
    for (const userId of ['ana', 'ben']) await sim.say({ ...direct(userId), text: `/link ${codes[2]}` })
    for (const userId of ['ana', 'ben']) await sim.say({ ...group, userId, text: 'and now?' })
    for (const peer of peers) await peer.got('inbound')
    await plane.passing(() =>
      sim.messages('C1').some(({ userId, text }) => userId === null && /direct message/.test(text)),
    )

    expect(peers.map(({ heard }) => heard)).toEqual([['and now?'], ['and now?']])
    const seen = JSON.stringify(peers.map(({ texts }) => texts))
    for (const code of codes) expect(seen).not.toContain(code)
    expect(seen.toLowerCase()).not.toContain('/link')
    // In a group it links nobody.
    expect(await ownersOf(plane, 'org-a')).toEqual(['ana inst-a'])
    expect(await answered(plane, 'eve', `/link ${codes[0]}`)).toBe(bound)
  })

  // proves: relay.s14, relay.s8
  test('moves nobody of another tenant, and binds only who wrote it', async () => {
    const { plane, a } = await open()
    const code = await codeOf(plane, a)
    const text = `/link ${code} user_id=ana`
    expect(await answered(plane, 'ben', text)).toBe(refused)
    expect(await answered(plane, 'ben', `/link ${code}`)).toBe(bound)
    expect(await ownersOf(plane, 'org-b')).toEqual(['ben inst-b', 'ben inst-b'])
    expect(await ownersOf(plane, 'org-a')).toEqual(['ben inst-a'])
  })
})

describe.each(bothGrounds)('enrolment, on $name', (on) => {
  // proves: relay.s15, relay.f22
  test('of two who enrol with one token at the same time one does', async () => {
    const plane = await openPlane({ on })
    const { token } = await plane.operator.createEnrolmentToken({}, { tenant: 'org-a' })
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        plane.callAs('org-a', '/relay/enroll', { enrollmentToken: token, gatewayId: `gw-${n}` }),
      ),
    )
    const won = answers.filter(({ status }) => status === 200)
    const lost = answers.filter(({ status }) => status !== 200)

    expect(won).toHaveLength(1)
    const wrong = await plane.callAs('org-a', '/relay/enroll', {
      enrollmentToken: nobodys(),
      gatewayId: 'gw-x',
    })
    expect(new Set(lost.map(({ status, text }) => `${status} ${text}`))).toEqual(
      new Set([`403 ${wrong.text}`]),
    )
    expect(await plane.operator.listGateways({})).toHaveLength(1)
    expect(won[0]!.body.secret).toMatch(/^[0-9a-f]{64}$/)
  })

  // proves: relay.s15, relay.s3, relay.f22
  test('a token is for its tenant, a quarter of an hour, and no gateway of another', async () => {
    const plane = await openPlane({ on })
    const a = await plane.enrol('org-a', 'a')
    const tokenFor = async (tenant: string) =>
      (await plane.operator.createEnrolmentToken({}, { tenant })).token
    const enrol = async (tenant: string, enrollmentToken: string, gatewayId: string) => {
      const { status, text } = await plane.callAs(tenant, '/relay/enroll', { enrollmentToken, gatewayId })
      return `${status} ${text}`
    }
    const nobody = await enrol('org-b', nobodys(), 'gw-new')
    expect(nobody).toMatch(/^403 /)
    const ofA = await tokenFor('org-a')
    expect(await enrol('org-b', ofA, 'gw-new')).toBe(nobody)
    expect(await enrol('org-b', ofA, a.gatewayId)).toBe(nobody)
    expect(await enrol('org-b', await tokenFor('org-b'), a.gatewayId)).toMatch(/^403 /)
    expect((await plane.dial(a)).closed).toBeUndefined()
    expect(await enrol('org-a', ofA, 'gw-again')).toMatch(/^200 /)
    const late = await tokenFor('org-a')
    await plane.clock.advance(900_000)
    expect(await enrol('org-a', late, 'gw-late')).toBe(nobody)
    // Its owner still has it.
    const peer = await plane.dial(a)
    expect(await peer.hello(discord, telegram)).toHaveLength(2)
  })

  // proves: relay.s15
  test('of two tenants that take one name at the same time one has it', async () => {
    const plane = await openPlane({ on })
    for (let round = 0; round < 5; round++) {
      const gatewayId = `gw-wanted-${round}`
      const answers = await Promise.all(
        ['org-a', 'org-b', 'org-a', 'org-b'].map((tenant) =>
          plane.callAs(tenant, '/relay/provision', { gatewayId, ...discord }),
        ),
      )
      const owner = (await plane.operator.listGateways({})).find((row) => row.gatewayId === gatewayId)?.tenant
      for (const { status, body } of answers) {
        if (status === 200) expect(body.tenant).toBe(owner)
        else expect(status).toBe(403)
      }
      const secrets = new Set(answers.flatMap(({ body }) => body.secret ?? []))
      expect(secrets.size).toBe(1)
    }
    await eventually(() => plane.faults.length === 0)
  })
})
