import { RelayKind } from '@parley/relay/protocol'
import { expect, it } from 'vitest'
import { topicsOf } from './keys.js'

it('every kind of news lets something be read anew', () => {
  for (const kind of RelayKind.options) expect(topicsOf[kind]).not.toEqual([])
})

it('a message to a simulated bot does not let everything be read anew', () => {
  const touched = new Set([...topicsOf.sim, ...topicsOf.decisions, ...topicsOf.buffers])

  for (const quiet of ['bots', 'gateways', 'links', 'scopes', 'policies', 'changes'] as const)
    expect(touched.has(quiet)).toBe(false)
})
