import { fakeClock, testGrounds } from '@parley/testkit'
import { onTestFinished } from 'vitest'
import type { BotIdentity } from '../../protocol/index.js'
import { openBots } from '../bots/index.js'
import { createEnrolment, createLifecycle } from '../credentials/index.js'
import type { RelayDeps } from '../deps.js'
import { fakeDriver, recordingSink } from '../fake-bot.test.support.js'
import { received } from '../inbound/received.js'
import { createLinks } from '../links/index.js'
import { createMedia } from '../media/media.js'
import { createOutbound } from '../outbound/index.js'
import { openDeps } from '../rooms.test.support.js'
import type { Reason } from '../routing/index.js'
import { createVault } from '../vault/vault.js'
import { createOperator } from './index.js'

export const grounds = (await testGrounds()).filter(({ name }) => name !== 'SQLite file')

export type Room = Awaited<ReturnType<typeof openRoom>>

/** An operator over the real rooms, with one driver of fake bots; `b1` is shared, `b2` belongs to `a`, `b3` to `b`. */
export async function openRoom(kind: (typeof grounds)[number]) {
  const clock = fakeClock()
  const opened = await kind.open()
  onTestFinished(() => opened.close())
  const driver = fakeDriver()
  const deps = await openDeps({ ...opened.ground, clock }, { platforms: [driver] })
  const revoked: unknown[] = []
  const lifecycle = createLifecycle(deps, { deliveries: { revoke: (gone) => revoked.push(gone) } })
  const enrolment = createEnrolment(deps, { lifecycle })
  const links = createLinks(deps)
  onTestFinished(() => links.stop())
  const bots = await openBots(deps, { sinkOf: recordingSink })
  onTestFinished(() => bots.stop())
  const [vault, media] = [createVault(deps), createMedia(deps)]
  const outbound = createOutbound(deps, { bots, vault, media })
  onTestFinished(() => outbound.stop())
  const operator = createOperator(deps, { bots, enrolment, lifecycle, links, outbound })
  const credentials = { token: 'good' }
  for (const [botId, tenants] of [
    ['b1', null],
    ['b2', ['a']],
    ['b3', ['b']],
  ] as const)
    await operator.addBot({}, { driver: 'fake', botId, credentials, tenants })
  const decide = (bot: BotIdentity, chatId: string, ...outcomes: [tenant: string, reason: Reason][]) =>
    decided(deps, bot, chatId, outcomes)
  return { deps, clock, driver, bots, operator, revoked, decide, store: deps.store, log: deps.ground.log }
}

let deliveries = 0

/** What is written down when a bot got a message. `owner` was delivered, every other reason was not. */
async function decided(
  { ground }: RelayDeps,
  bot: BotIdentity,
  chatId: string,
  outcomes: [tenant: string, reason: Reason][],
): Promise<void> {
  const append = received(bot, {
    dedupe: `d${++deliveries}`,
    chatId,
    messageId: `m${deliveries}`,
    userId: 'u1',
    reason: outcomes[0]?.[1] ?? 'unlinked',
    outcomes: outcomes.map(([tenant, reason]) => ({
      key: { tenant, instanceId: `i-${tenant}` },
      isDelivered: reason === 'owner',
      reason,
    })),
  })
  await ground.log.commit({ ops: [], appends: [append] })
}

export const shared = { platform: 'discord', botId: 'b1' }
export const ofA = { platform: 'discord', botId: 'b2' }
export const ofB = { platform: 'discord', botId: 'b3' }
export const a = { tenant: 'a' }
export const b = { tenant: 'b' }
export const everywhere = {}
