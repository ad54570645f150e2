import type { Identity } from '@parley/kernel/principal'
import { relayErrors } from '../../errors.js'
import { limits } from '../../protocol/index.js'
import type { BindingRow, InstanceKey, Person } from '../../store/port.js'
import { changed } from '../changes.js'
import type { RelayDeps } from '../deps.js'
import { hashOfCode, makeCode } from './codes.js'
import { bindingOf, createRedeem, detailOf, type Redeemed, type Redemption } from './redeem.js'

/** Which person of a platform owns which instance (contract 8.6, 8.7). */
export interface Links {
  /** A code for `/link`, shown this once: single use, 10 minutes. Throws `relay.not_found` for an instance that is not there. */
  createCode(key: InstanceKey, platform: string): Promise<{ code: string; expiresAt: string }>
  /** Binds whoever types a good code. A person has five wrong ones an hour; then every one is refused. */
  redeem(asked: Redeemed): Promise<Redemption>
  /** Binds without a code. Throws `relay.not_found` for an instance that is not there. */
  link(key: InstanceKey, person: Person, by: Identity): Promise<BindingRow>
  /** Throws `relay.not_found` when the person is not bound in that tenant. */
  unlink(tenant: string, person: Person, by: Identity): Promise<void>
  /** Makes the instance the one that takes this owner's direct messages. Throws `relay.not_found` unless the person is its owner. */
  setDmDefault(key: InstanceKey, person: Person, by: Identity): Promise<void>
  stop(): void
}

export function createLinks(deps: RelayDeps): Links {
  return {
    ...createRedeem(deps),
    createCode: (key, platform) => createCode(deps, key, platform),
    link: (key, person, by) => link(deps, key, person, by),
    unlink: (tenant, person, by) => unlink(deps, tenant, person, by),
    setDmDefault: (key, person, by) => setDmDefault(deps, key, person, by),
  }
}

async function createCode(deps: RelayDeps, key: InstanceKey, platform: string) {
  await assertInstance(deps, key)
  const { store, ground } = deps
  const code = makeCode(ground.ids)
  const expiresAt = ground.clock.micros() + limits.linkCodeMs * 1_000
  const { tenant, instanceId } = key
  const row = { tenant, instanceId, hash: hashOfCode(code)!, platform, expiresAt }
  await ground.log.commit({ ops: [store.links.insertCode(row)], appends: [] })
  return { code, expiresAt: new Date(expiresAt / 1_000).toISOString() }
}

async function link(deps: RelayDeps, key: InstanceKey, person: Person, by: Identity): Promise<BindingRow> {
  await assertInstance(deps, key)
  const row = bindingOf(key, person, deps.ground.clock.micros())
  const appends = [changed('relay.link.bound', by, detailOf(row))]
  await deps.ground.log.commit({ ops: deps.store.links.bind(row), appends })
  return row
}

async function unlink({ store, ground }: RelayDeps, tenant: string, person: Person, by: Identity) {
  const bindings = await store.links.ofPerson(person)
  const bound = bindings.find((binding) => binding.tenant === tenant)
  if (!bound) throw relayErrors.notFound()
  const appends = [changed('relay.link.unbound', by, detailOf(bound))]
  await ground.log.commit({ ops: store.links.unbind(tenant, person), appends })
}

async function setDmDefault({ store, ground }: RelayDeps, key: InstanceKey, person: Person, by: Identity) {
  const op = store.links.setDmDefault(key, person, ground.clock.micros())
  const detail = { ...detailOf({ ...key, ...person }), isDmDefault: true }
  const { outcome } = await ground.log.commit({
    ops: [op],
    appends: [changed('relay.policy.set', by, detail)],
  })
  if (outcome === 'refused') throw relayErrors.notFound()
}

async function assertInstance({ store }: RelayDeps, key: InstanceKey): Promise<void> {
  if (!(await store.instances.find(key))) throw relayErrors.notFound()
}
