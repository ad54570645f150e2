import { expect, it } from 'vitest'
import { policyWords } from './policies.js'

it('who may speak is said in a sentence', () => {
  const of = (policy: 'any' | 'owner-only' | 'allow-list', ...userIds: string[]) =>
    policyWords({ principals: { policy, userIds } })

  expect(of('any')).toEqual(['Everybody may speak to it.'])
  expect(of('owner-only')).toEqual(['Only who is linked to it may speak to it.'])
  expect(of('allow-list', 'ada', 'bob')).toEqual(['Who is linked to it, and ada, bob, may speak to it.'])
  expect(of('allow-list')).toEqual(['Only who is linked to it may speak to it: its list is empty.'])
})

it('so is what concerns the agent', () => {
  expect(
    policyWords({ relevance: { requireAddress: true, freeResponseScopes: ['c1'], allowOtherBots: false } }),
  ).toEqual([
    'In groups the bot has to be addressed.',
    'Everything concerns it in c1.',
    'Other bots are not heard.',
  ])
  expect(policyWords({})).toEqual([])
})
