import { describe, expect, it } from 'vitest'
import type { InstanceKey } from '../../store/port.js'
import type { RouteFacts } from './facts.js'
import { resolveReceivers } from './resolve-receivers.js'

const key = (name: string): InstanceKey => ({ tenant: name[0]!, instanceId: name })
/** Tenants `a`, `b` and `c` have provisioned the bot; an instance's tenant is its first letter. */
function resolve(
  facts: Partial<Omit<RouteFacts, 'bindings' | 'grant'>> & { bindings?: string[]; grant?: string },
) {
  const { bindings = [], grant, ...rest } = facts
  const { candidates, refused } = resolveReceivers({
    isDirect: false,
    tenants: new Set(['a', 'b', 'c']),
    bindings: bindings.map(key),
    ...(grant && { grant: key(grant) }),
    ...rest,
  })
  return {
    to: candidates.map(({ key, way }) => `${key.instanceId} ${way}`),
    not: refused.map(({ key, reason }) => `${key.instanceId} ${reason}`),
  }
}
const route = (tenant: string, ...instances: string[]): RouteFacts['route'] => ({
  tenant,
  isLinked: false,
  instances: instances.map(key),
})

// proves: relay.f25, relay.s8
describe('in a chat of several', () => {
  it('an unknown author reaches nobody', () => {
    expect(resolve({})).toEqual({ to: [], not: [] })
    expect(resolve({ isDirect: true })).toEqual({ to: [], not: [] })
  })

  it('an author reaches the own instance of every tenant', () => {
    expect(resolve({ bindings: ['a1', 'b1'] })).toEqual({ to: ['a1 owner', 'b1 owner'], not: [] })
  })

  it('a tenant that does not front the bot gets nothing', () => {
    expect(resolve({ bindings: ['a1', 'x1'] })).toEqual({ to: ['a1 owner'], not: ['x1 not-provisioned'] })
    expect(resolve({ grant: 'x1' })).toEqual({ to: [], not: ['x1 not-provisioned'] })
  })

  it('who holds the chat gets it besides the owner, and once', () => {
    expect(resolve({ bindings: ['a1'], grant: 'b1' }).to).toEqual(['a1 owner', 'b1 grant'])
    expect(resolve({ bindings: ['a1'], grant: 'a2' }).to).toEqual(['a1 owner', 'a2 grant'])
    expect(resolve({ bindings: ['a1'], grant: 'a1' }).to).toEqual(['a1 owner'])
    expect(resolve({ grant: 'a1' }).to).toEqual(['a1 grant'])
  })
})

// proves: relay.s7
describe('in a scope that a tenant owns', () => {
  it('an author of several tenants reaches that one only', () => {
    const answer = resolve({ bindings: ['a1', 'b1'], route: route('b') })

    expect(answer).toEqual({ to: ['b1 owner'], not: ['a1 routed-elsewhere'] })
  })

  it('an author of another tenant still reaches the own instance', () => {
    expect(resolve({ bindings: ['a1'], route: route('b') })).toEqual({ to: ['a1 owner'], not: [] })
  })

  it('a grant of another tenant is worth nothing, with a binding or without', () => {
    expect(resolve({ grant: 'a1', route: { ...route('b', 'b1')!, isLinked: true } })).toEqual({
      to: [],
      not: ['a1 routed-elsewhere'],
    })
    expect(resolve({ bindings: ['a1', 'b1'], grant: 'a1', route: route('b') })).toEqual({
      to: ['b1 owner'],
      not: ['a1 routed-elsewhere'],
    })
  })
})

describe('by a route', () => {
  it('the only instance of a tenant without bindings gets what nobody else does', () => {
    expect(resolve({ route: route('a', 'a1') })).toEqual({ to: ['a1 route'], not: [] })
    const alone = { isDirect: true, tenants: new Set(['a']), route: route('a', 'a1') }
    expect(resolve(alone)).toEqual({ to: ['a1 route'], not: [] })
    expect(resolve({ bindings: ['x1'], route: route('a', 'a1') }).to).toEqual(['a1 route'])
  })

  it('nobody is guessed', () => {
    expect(resolve({ route: route('a', 'a1', 'a2') })).toEqual({
      to: [],
      not: ['a1 ambiguous-route', 'a2 ambiguous-route'],
    })
    expect(resolve({ route: route('a') })).toEqual({ to: [], not: [] })
    expect(resolve({ route: route('x', 'x1') })).toEqual({ to: [], not: ['x1 not-provisioned'] })
  })

  it('a tenant with bindings, an author with one and a grant come before', () => {
    expect(resolve({ route: { ...route('a', 'a1')!, isLinked: true } }).to).toEqual([])
    expect(resolve({ bindings: ['b1'], route: route('a', 'a1') }).to).toEqual(['b1 owner'])
    expect(resolve({ grant: 'a2', route: route('a', 'a1') }).to).toEqual(['a2 grant'])
  })
})

describe('a direct message', () => {
  // proves: relay.s8
  it('of a stranger goes to nobody by a claim, where several tenants front the bot', () => {
    const shared = { isDirect: true, tenants: new Set(['a', 'b']), route: route('a', 'a1') }
    expect(resolve(shared)).toEqual({ to: [], not: [] })
  })

  it('goes to the first binding whose tenant fronts the bot', () => {
    expect(resolve({ isDirect: true, bindings: ['x1', 'b1', 'a1'] })).toEqual({
      to: ['b1 dm'],
      not: ['x1 not-provisioned', 'a1 dm-elsewhere'],
    })
  })

  it('that answers a question goes to who has asked, if the author owns that', () => {
    const meant = { keys: [key('c1'), key('a1')], isStrict: false }

    expect(resolve({ isDirect: true, bindings: ['b1', 'a1'], meant }).to).toEqual(['a1 dm'])
    expect(resolve({ isDirect: true, bindings: ['b1'], meant }).to).toEqual(['b1 dm'])
  })
})

// proves: relay.f13, relay.s16
describe('a press', () => {
  const pressed = (name: string) => ({ keys: [key(name)], isStrict: true })

  it('reaches who has asked, if that is admitted, and nobody else', () => {
    expect(resolve({ bindings: ['a1', 'b1'], meant: pressed('b1') })).toEqual({
      to: ['b1 owner'],
      not: ['a1 not-addressed'],
    })
    expect(resolve({ isDirect: true, bindings: ['a1', 'b1'], meant: pressed('b1') }).to).toEqual(['b1 dm'])
    expect(resolve({ bindings: ['a1'], meant: pressed('b1') })).toEqual({
      to: [],
      not: ['a1 not-addressed'],
    })
    expect(resolve({ isDirect: true, bindings: ['a1'], meant: pressed('b1') }).to).toEqual([])
    expect(resolve({ meant: pressed('b1') }).to).toEqual([])
  })
})
