import type { Append } from '@parley/kernel/log'
import type { Identity } from '@parley/kernel/principal'
import { limits } from '../../protocol/index.js'
import type { BindingRow, LinkCodeRow, Person } from '../../store/port.js'
import { changed } from '../changes.js'
import type { RelayDeps } from '../deps.js'
import { hashOfCode } from './codes.js'
import { createTries, type Tries } from './tries.js'

/** What a person typed behind `/link`, in a direct message. The platform says who it is, never the text. */
export type Redeemed = Person & {
  text: string
  /** Stands in the same unit: with its retry key, the same message counts once. */
  received?: Append
}

/** `refused`: for every reason the same. `repeated`: `received` was stored before, and nothing was done. */
export type Redemption = 'bound' | 'refused' | 'repeated'

const wrongCodes = 'relay-links:wrong'
const nameOf = ({ platform, userId }: Person): string => JSON.stringify([platform, userId])

/** Redeems codes. Nodes tell each other of wrong ones, so that a person has five in all. `stop` ends the listening. */
export function createRedeem(deps: RelayDeps): {
  redeem(asked: Redeemed): Promise<Redemption>
  stop(): void
} {
  const { clock, bus } = deps.ground
  const tries = createTries({ clock, limit: limits.wrongLinkCodes, windowMs: limits.wrongLinkCodesMs })
  const stop = bus.onSignal((stream, person) => stream === wrongCodes && tries.add(person))
  return { redeem: (asked) => redeem(deps, tries, asked), stop }
}

async function redeem(deps: RelayDeps, tries: Tries, asked: Redeemed): Promise<Redemption> {
  const person = nameOf(asked)
  const takeBack = tries.begin(person)
  const code = takeBack && (await findCode(deps, asked))
  const redemption = code ? await bind(deps, code, asked) : await refuse(deps, asked)
  if (redemption !== 'refused') takeBack?.()
  else if (takeBack) {
    deps.tally.count('links.wrong')
    deps.ground.bus.signal(wrongCodes, person)
  }
  return redemption
}

async function findCode({ store, ground }: RelayDeps, asked: Redeemed): Promise<LinkCodeRow | undefined> {
  const hash = hashOfCode(asked.text)
  const code = hash && (await store.links.findCode(hash))
  if (!code || code.platform !== asked.platform || code.expiresAt <= ground.clock.micros()) return undefined
  return (await store.instances.find(code)) ? code : undefined
}

async function bind(deps: RelayDeps, code: LinkCodeRow, asked: Redeemed): Promise<Redemption> {
  const { store, ground } = deps
  const at = ground.clock.micros()
  const row = bindingOf(code, asked, at)
  const result = await ground.log.commit({
    // The guard comes first: of two who redeem one code at the same time, one finds it gone.
    ops: [store.links.useCode(code.hash, at), ...store.links.bind(row)],
    appends: [changed('relay.link.bound', identityOf(asked), detailOf(row)), ...received(asked)],
  })
  if (result.outcome === 'refused') return await refuse(deps, asked)
  return result.outcome === 'replayed' ? 'repeated' : 'bound'
}

async function refuse({ ground }: RelayDeps, asked: Redeemed): Promise<Redemption> {
  const appends = received(asked)
  if (appends.length === 0) return 'refused'
  const { outcome } = await ground.log.commit({ ops: [], appends })
  return outcome === 'replayed' ? 'repeated' : 'refused'
}

const received = ({ received }: Redeemed): Append[] => (received ? [received] : [])

const identityOf = ({ platform, userId }: Person): Identity => ({ kind: 'user', id: `${platform}:${userId}` })

/** A new binding. */
export const bindingOf = (
  { tenant, instanceId }: Pick<BindingRow, 'tenant' | 'instanceId'>,
  { platform, userId }: Person,
  linkedAt: number,
): BindingRow => ({ tenant, instanceId, platform, userId, linkedAt, dmDefaultAt: null })

/** What the changes say of a binding. */
export const detailOf = ({
  tenant,
  instanceId,
  platform,
  userId,
}: Omit<BindingRow, 'linkedAt' | 'dmDefaultAt'>) => ({
  tenant,
  instanceId,
  platform,
  userId,
})
