import { createHmac } from 'node:crypto'
import type { Ground } from '@parley/kernel/ground'
import type { OpenedTestGround, TestGround } from '@parley/testkit'
import { type FakeClock, fakeClock } from '@parley/testkit'
import { onTestFinished } from 'vitest'
import type { InstanceKey } from '../../store/port.js'
import { changesStream } from '../changes.js'
import type { RelayOptions } from '../options.js'
import { openDeps } from '../rooms.test.support.js'
import { createEnrolment, createLifecycle, createSecrets, createVerifyToken } from './index.js'

export const tenant = 'org-17'
export const caller = { tenant }
export const stranger = { tenant: 'org-18' }
export const operator = { kind: 'user', id: 'operator' } as const

/** Another way to write a token than the plane's own: nothing of it is used. */
export function signToken(secret: string, payload: string, exp: number | string): string {
  const signed = `${payload}:${exp}`
  const sig = createHmac('sha256', Buffer.from(secret, 'utf8')).update(signed).digest('hex')
  return Buffer.from(`${signed}:${sig}`)
    .toString('base64')
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=/g, '')
}

export type Room = Awaited<ReturnType<typeof openRoom>>

/** All that concerns credentials on one ground, with a clock that stands still. */
export async function openRoom(kind: TestGround, options: RelayOptions = {}) {
  const clock = fakeClock()
  const opened = await kind.open({ clock })
  onTestFinished(() => opened.close())
  return roomOn(opened.ground, clock, opened, options)
}

async function roomOn(ground: Ground, clock: FakeClock, opened: OpenedTestGround, options: RelayOptions) {
  const deps = await openDeps(ground, options)
  const revoked: ({ gatewayId: string } | InstanceKey)[] = []
  const secrets = createSecrets(deps)
  const lifecycle = createLifecycle(deps, { deliveries: { revoke: (gone) => revoked.push(gone) } })
  const enrolment = createEnrolment(deps, { lifecycle, secrets })
  const verify = createVerifyToken(deps, secrets)
  const seconds = () => Math.floor(clock.now() / 1_000)

  return {
    deps,
    clock,
    opened,
    revoked,
    secrets,
    lifecycle,
    enrolment,
    verify,
    seconds,
    store: deps.store,
    /** What a token of this secret is good for now. */
    outcomeOf: async (secret: string, gatewayId: string) =>
      (await verify(signToken(secret, gatewayId, seconds() + 300))).outcome,
    enrol: async (body: Record<string, unknown>, who = caller) => {
      const { token } = await enrolment.createEnrolmentToken(who.tenant)
      return enrolment.enroll(who, { enrollmentToken: token, ...body })
    },
    changes: async () => {
      const { events } = await ground.log.read(changesStream, { after: 0 })
      return events.map(({ type, body }) => ({ type, ...JSON.parse(body) }))
    },
  }
}

/** How often each outcome came, and the values. */
export async function outcomes<T>(asked: readonly Promise<T>[]): Promise<{ done: T[]; refused: string[] }> {
  const settled = await Promise.allSettled(asked)
  return {
    done: settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])),
    refused: settled.flatMap((one) => (one.status === 'rejected' ? [String(one.reason.code)] : [])),
  }
}
