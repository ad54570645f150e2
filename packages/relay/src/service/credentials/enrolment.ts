import { slidingLog } from '@parley/kernel/limits'
import type { Identity } from '@parley/kernel/principal'
import { relayErrors } from '../../errors.js'
import type { BotIdentity } from '../../protocol/index.js'
import type { BotRow } from '../../store/port.js'
import { changed, gatewayIdentity } from '../changes.js'
import type { RelayDeps } from '../deps.js'
import type { Caller, Enrolled, NewGateway } from '../port.js'
import { type Admitted, createAdmit, type Rotation, type Wanted } from './admission.js'
import { commitSteps, type Step } from './commit-steps.js'
import { createEnrolmentTokens, type EnrolmentTokens } from './enrolment-tokens.js'
import type { Lifecycle } from './lifecycle.js'
import { type ProvisionRequest, readEnrolment, readNewGateway, readProvision } from './requests.js'
import { routeKeyStep } from './route-keys.js'
import { createSecrets, deliveryKeyOf, type Secrets } from './secrets.js'

/** How gateways get their secrets. */
export interface Enrolment {
  /** Contract 8.1. Throws `enrolment_refused`, `gateway_refused`, `too_many_gateways`, `rate_limited`, `invalid_request`. */
  enroll(caller: Caller, body: unknown): Promise<Enrolled>
  /** Contract 8.2. Throws `gateway_refused`, `route_key_taken`, `too_many_gateways`, `rate_limited`, `invalid_request`. */
  provision(caller: Caller, body: unknown): Promise<Enrolled & { routeKeys: string[] }>
  /** An operator's way: without a token. A gateway that the tenant has already gets a new secret. */
  enrollGateway(
    by: Identity,
    gateway: NewGateway,
  ): Promise<Enrolled & { instanceId: string; bots: BotIdentity[] }>
  /** A new secret; the old one is accepted for a day more. Throws `gateway_not_found`, also for a revoked one. */
  rotateGateway(by: Identity, gatewayId: string): Promise<Enrolled>
  createEnrolmentToken(tenant: string): ReturnType<EnrolmentTokens['create']>
}

type Parts = { lifecycle: Lifecycle; secrets?: Secrets }

/** Bots that one tenant fronts by its own word. */
const mostBots = 1_000

export function createEnrolment(
  deps: RelayDeps,
  { lifecycle, secrets = createSecrets(deps) }: Parts,
): Enrolment {
  const { store, ground } = deps
  const admit = createAdmit(deps, secrets)
  const tokens = createEnrolmentTokens(deps)
  const { callsPerMinute } = deps.options.limits
  const calls = slidingLog({ limit: callsPerMinute, windowMs: 60_000, clock: ground.clock })

  return {
    enroll: async (caller, body) => {
      const { enrollmentToken, ...asked } = readEnrolment(body)
      const wanted = { ...asked, tenant: caller.tenant }
      take(wanted)
      const by = gatewayIdentity(wanted)
      const { enrolled } = await settle(by, wanted, 'always', 'relay.gateway.enrolled', async () => [
        // First, so that who has no token learns nothing of ids.
        await tokens.use(enrollmentToken, wanted.tenant, wanted.gatewayId),
        botsStep(wanted.tenant, await botsFor(wanted.tenant)),
      ])
      return enrolled
    },
    provision: async (caller, body) => {
      const { wanted, isRotation, bot, routeKeys } = toWanted(caller, readProvision(body))
      take(wanted)
      const by = gatewayIdentity(wanted)
      const rotation = isRotation ? 'wanted' : 'when-due'
      const { enrolled } = await settle(by, wanted, rotation, 'relay.gateway.provisioned', async () => [
        await routeKeyStep(deps, { tenant: wanted.tenant, platform: bot.platform, keys: routeKeys }),
        await newBotStep(wanted.tenant, bot),
      ])
      return { ...enrolled, routeKeys }
    },
    enrollGateway: async (by, gateway) => {
      const wanted = readNewGateway({ ...gateway, gatewayId: gateway.gatewayId ?? `gw-${ground.ids.hex(8)}` })
      const bots = gateway.bots ?? (await botsFor(wanted.tenant))
      const { enrolled, admitted } = await settle(
        by,
        wanted,
        'always',
        'relay.gateway.enrolled',
        async () => [botsStep(wanted.tenant, bots)],
      )
      return { ...enrolled, instanceId: admitted.key.instanceId, bots: bots.map(nameOf) }
    },
    rotateGateway: async (by, gatewayId) => {
      const row = await store.gateways.find(gatewayId)
      if (!row || row.revokedAt !== null) throw relayErrors.gatewayNotFound()
      const wanted = { gatewayId, tenant: row.tenant }
      const { enrolled } = await settle(by, wanted, 'always', 'relay.gateway.rotated', async () => [])
      return enrolled
    },
    createEnrolmentToken: (tenant) => tokens.create(tenant),
  }

  function take({ tenant, gatewayId }: Wanted): void {
    const verdict = calls.take(JSON.stringify([tenant, gatewayId]))
    if (!verdict.ok) throw relayErrors.rateLimited({ retryAfter: verdict.retryAfter })
  }

  /** Makes the gateway what it is to be, with what `more` asks for, in one unit. `more` comes first. */
  async function settle(
    by: Identity,
    wanted: Wanted,
    rotation: Rotation,
    type: Parameters<typeof changed>[0],
    more: () => Promise<Step[]>,
  ): Promise<{ enrolled: Enrolled; admitted: Admitted }> {
    const { tenant, gatewayId } = wanted
    const admitted = await commitSteps(ground.log, async () => {
      const first = await more()
      const answer = await admit(wanted, rotation)
      const detail = { tenant, gatewayId, instanceId: answer.key.instanceId }
      const appends = [changed(answer.change ?? type, by, detail)]
      return { steps: [...first, ...answer.steps], appends, answer }
    })
    if (admitted.former) await leave(by, admitted.former)
    const { secret } = admitted
    return { enrolled: { secret, deliveryKey: deliveryKeyOf(secret), tenant, gatewayId }, admitted }
  }

  async function leave(by: Identity, former: Parameters<Lifecycle['removeIfUnused']>[1]): Promise<void> {
    // The secret is made and its token is used up: the answer must not be lost because of the instance before.
    await lifecycle.removeIfUnused(by, former).catch((error) => deps.onFault(error, 'relay.enrolment'))
  }

  function botsStep(tenant: string, bots: readonly BotIdentity[]): Step {
    const at = ground.clock.micros()
    return { ops: bots.map((bot) => store.bots.provision(tenant, nameOf(bot), at)) }
  }

  /** A bot need not be there yet, so its name is whatever the caller says. */
  async function newBotStep(tenant: string, bot: BotIdentity): Promise<Step> {
    const isNew = !(await store.bots.isProvisioned(tenant, bot))
    if (isNew && (await store.bots.listProvisioned(tenant)).length >= mostBots)
      throw relayErrors.conflict({ message: `a tenant fronts at most ${mostBots} bots` })
    return botsStep(tenant, [bot])
  }

  /** WHY: who enrols never provisions (8.1), so it fronts whatever its tenant may use. */
  async function botsFor(tenant: string): Promise<BotRow[]> {
    return (await store.bots.list()).filter(({ tenants }) => tenants === null || tenants.includes(tenant))
  }
}

const nameOf = ({ platform, botId }: BotIdentity): BotIdentity => ({ platform, botId })

function toWanted(caller: Caller, { bot, routeKeys, isRotation, ...asked }: ProvisionRequest) {
  return { wanted: { ...asked, tenant: caller.tenant }, bot, routeKeys, isRotation }
}
