// Who may get something at all (contract 8.6, author first). It is the truth of one moment: the unit that delivers is refused when an
// instance went away since, and then everything is resolved anew.
import type { InstanceKey } from '../../store/port.js'
import {
  type Candidate,
  isSameInstance,
  type Meant,
  type Outcome,
  type Reason,
  type RouteFacts,
} from './facts.js'

/** `refused`: those that are out already, each with why. */
export type Resolution = { candidates: Candidate[]; refused: Outcome[] }

/** The instances that the gate is asked about. Nobody is found by default: an unknown author reaches none. */
export function resolveReceivers(facts: RouteFacts): Resolution {
  const served = facts.bindings.filter(({ tenant }) => facts.tenants.has(tenant))
  const unserved = facts.bindings.filter(({ tenant }) => !facts.tenants.has(tenant))
  const found = facts.isDirect ? direct(served, facts.meant) : inChat(served, facts)
  if (served.length === 0 && found.candidates.length === 0) add(found, routed(facts))
  const refused = [...refusals(unserved, 'not-provisioned'), ...found.refused]
  return narrow({ ...found, refused }, facts.meant)
}

/** A direct message has one receiver: the owner's choice, unless it answers what another instance of the owner's has asked. */
function direct(served: readonly InstanceKey[], meant: Meant | undefined): Resolution {
  const asking = (meant?.keys ?? [])
    .map((one) => served.find((key) => isSameInstance(one, key)))
    .find((key) => key !== undefined)
  const chosen = asking ?? served[0]
  const others = served.filter((key) => key !== chosen)
  return { candidates: chosen ? [{ key: chosen, way: 'dm' }] : [], refused: refusals(others, 'dm-elsewhere') }
}

function inChat(served: readonly InstanceKey[], facts: RouteFacts): Resolution {
  const { route, grant, bindings } = facts
  // S7: in a scope that belongs to one of the author's tenants, the others' instances hear nothing.
  const isRouted = served.some(({ tenant }) => tenant === route?.tenant)
  const isHome = ({ tenant }: InstanceKey) => !isRouted || tenant === route?.tenant
  const away = served.filter((key) => !isHome(key))
  const found: Resolution = {
    candidates: served.filter(isHome).map((key) => ({ key, way: 'owner' })),
    refused: refusals(away, 'routed-elsewhere'),
  }
  if (grant && !bindings.some((key) => isSameInstance(key, grant))) add(found, granted(grant, facts))
  return found
}

function granted(grant: InstanceKey, { tenants, route }: RouteFacts): Resolution {
  if (!tenants.has(grant.tenant)) return { candidates: [], refused: refusals([grant], 'not-provisioned') }
  // A scope that a tenant owns is not heard by another one because of a grant.
  if (route && route.tenant !== grant.tenant)
    return { candidates: [], refused: refusals([grant], 'routed-elsewhere') }
  return { candidates: [{ key: grant, way: 'grant' }], refused: [] }
}

/**
 * Deployments of one tenant in which nobody is bound to anything. WHY not a direct chat with a bot that several tenants front: nobody
 * proves that a claimed key is theirs, and a stranger's messages would go to whoever has named their chat.
 */
function routed({ route, tenants, isDirect }: RouteFacts): Resolution {
  if (!route || route.isLinked || (isDirect && tenants.size > 1)) return { candidates: [], refused: [] }
  if (!tenants.has(route.tenant))
    return { candidates: [], refused: refusals(route.instances, 'not-provisioned') }
  const [only, ...more] = route.instances
  if (!only || more.length > 0)
    return { candidates: [], refused: refusals(route.instances, 'ambiguous-route') }
  return { candidates: [{ key: only, way: 'route' }], refused: [] }
}

/** Of a press whose prompt is known, the instance that has asked. */
function narrow({ candidates, refused }: Resolution, meant: Meant | undefined): Resolution {
  if (!meant?.isStrict) return { candidates, refused }
  const isMeant = ({ key }: Candidate) => meant.keys.some((one) => isSameInstance(one, key))
  const others = candidates.filter((one) => !isMeant(one)).map(({ key }) => key)
  return {
    candidates: candidates.filter(isMeant),
    refused: [...refused, ...refusals(others, 'not-addressed')],
  }
}

function add(found: Resolution, more: Resolution): void {
  found.candidates.push(...more.candidates)
  found.refused.push(...more.refused)
}

const refusals = (keys: readonly InstanceKey[], reason: Reason): Outcome[] =>
  keys.map(({ tenant, instanceId }) => ({ key: { tenant, instanceId }, isDelivered: false, reason }))
