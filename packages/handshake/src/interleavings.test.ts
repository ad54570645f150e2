// Random interleavings of everything that changes a handshake; what must always hold is checked at the end.
import { eventually, testGrounds } from '@parley/testkit'
import { describe, expect, onTestFinished, test } from 'vitest'
import { listen, Peer } from './peer.test.support.js'
import { type Answer, formOf, type Json, openPlane, type Page, type Plane } from './plane.test.support.js'

const fields = ['a', 'b', 'c', 'd', 'e']
const options = {
  rateLimitPerMinute: 100_000,
  rates: { edits: 100_000, extend: 100_000, creations: 10_000, failedTokens: 100_000 },
}

/** A source of chance that is the same in every run (a linear congruential generator). */
function chance(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

type World = {
  planes: Plane[]
  page: Page
  token: string
  claims: Answer[]
  reports: Answer[]
  edits: Json[]
}

const steps: ((world: World, plane: Plane, pick: (below: number) => number) => Promise<void>)[] = [
  async ({ page, token, reports }, plane, pick) => {
    const keys = Array.from({ length: 1 + pick(4) }, () => fields[pick(fields.length)]!)
    const actions = keys.map((key, n) => ({ type: 'set', key, value: `agent ${pick(1000)} ${n}` }))
    const stream = pick(2) === 0
    reports.push(await plane.act({ ...page, token }, actions, { stream, intervalMs: pick(3) }))
  },
  async ({ page, edits }, plane, pick) => {
    const edit = { key: fields[pick(fields.length)]!, value: `user ${pick(1000)}` }
    expect((await plane.edit(page, edit.key, edit.value)).status).toBe(200)
    edits.push(edit)
  },
  async ({ page, token }, plane, pick) => {
    const body = { extraSeconds: 1 + pick(60) }
    await plane.call('POST', `/handshake/session/${page.id}/extend`, { token, body })
  },
  async (world, plane) => {
    const { page, claims } = world
    const claim = await plane.call('POST', `/handshake/session/${page.id}/claim`, { token: page.token })
    claims.push(claim)
    if (claim.status === 200) world.token = claim.body.agentToken
  },
  async ({ page, token }, plane) => void (await plane.context(page, token)),
]

for (const { name, open } of await testGrounds())
  describe(`on ${name}`, () => {
    test.each([1, 2, 3, 4])('chance %i breaks nothing', async (seed) => {
      const { ground, another, close } = await open()
      onTestFinished(close)
      const planes = [await openPlane({ ground, ...options })]
      if (another) planes.push(await openPlane({ ground: await another(), ...options }))
      const page = await planes[0]!.create(formOf(...fields))
      const world: World = { planes, page, token: page.token, claims: [], reports: [], edits: [] }
      const peer = await Peer.open(`${await listen(planes.at(-1)!.handshake)}${page.wsUrl}?after=0`)

      const pick = chance(seed)
      const walkers = Array.from({ length: 6 }, async (_, walker) => {
        for (let n = 0; n < 12; n++) {
          // Claims are rare: after the first one the other walkers' token is void in the middle of their way.
          const step = pick(20) === 0 ? 3 : [0, 0, 1, 1, 2, 4][pick(6)]!
          await steps[step]!(world, planes[walker % planes.length]!, pick)
        }
      })
      await Promise.all(walkers)

      await expectSound(world, peer)
    })
  })

async function expectSound(
  { planes, page, token, claims, reports, edits }: World,
  peer: Peer,
): Promise<void> {
  const [plane] = planes as [Plane]
  const changes: Json[] = (await plane.call('GET', `${page.diffUrl}?sinceSeq=0`, { token })).body.changes
  const context: Json = (await plane.context(page, token)).body.context

  expect(changes.map(({ seq }) => seq)).toEqual(Array.from({ length: changes.length }, (_, n) => n + 1))
  const times = changes.map(({ at }) => at)
  expect(times).toEqual([...new Set(times)].sort())

  const replayed = replay(changes)
  for (const key of fields) {
    const { value, by, at } = replayed.get(key) ?? { value: '', by: 'empty', at: context[key].at }
    expect(context[key]).toEqual({ value, by, at })
  }
  for (const other of planes.slice(1))
    expect((await other.context(page, token)).body.context).toEqual(context)

  for (const { key, value } of edits)
    expect(changes.some((one) => one.key === key && one.to === value)).toBe(true)
  const applied = reports.filter(({ status }) => status === 200).flatMap(({ body }) => body.applied)
  expect(changes.filter(({ by }) => by === 'ai')).toHaveLength(applied.length)
  expect(claims.filter(({ status }) => status === 200).length).toBe(Math.min(1, claims.length))

  const head = (await plane.ground.log.last(`handshake:${page.id}`, { limit: 1 }))[0]!
  const dones = reports.filter(({ status }) => status === 200).length
  await eventually(() => peer.of('done').length >= dones)
  const numbers = peer.frames.slice(1).map(({ seq }) => seq)
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
  expect(numbers.at(-1) ?? 0).toBeLessThanOrEqual(head.seq)
}

/** What the changes lead to, by the rules of provenance; none of them may break a lock. */
function replay(changes: readonly Json[]): Map<string, { value: unknown; by: string; at: string }> {
  const now = new Map<string, { value: unknown; by: string; at: string }>()
  for (const { key, from, to, by, at } of changes) {
    const before = now.get(key)
    expect(from).toEqual(before?.value ?? '')
    const isLocked = before?.by === 'user' || before?.by === 'user_edit'
    if (by === 'ai') expect(isLocked).toBe(false)
    else expect(by).toBe(before?.by === 'ai' ? 'user_edit' : 'user')
    now.set(key, { value: to, by, at })
  }
  return now
}
