import { describe, expect, it } from 'vitest'
import type { Known } from '../../platforms/port.js'
import type { PrincipalPolicy, RelevancePolicy } from '../../store/port.js'
import { aMessage } from '../fake-bot.test.support.js'
import type { GateFacts, Way } from './facts.js'
import { gate } from './gate.js'

const any: PrincipalPolicy = { policy: 'any', userIds: [] }
const relevance = (change: Partial<RelevancePolicy> = {}): RelevancePolicy => ({
  requireAddress: true,
  freeResponseScopes: [],
  allowOtherBots: false,
  ...change,
})
type Change = Partial<Omit<GateFacts, 'chat' | 'author'>> & Parameters<typeof aMessage>[0]

function judge(way: Way, change: Change = {}): string {
  const { principals = any, visible = 'yes', relevance: policy, ...message } = change
  const facts = { ...aMessage(message), way, principals, relevance: policy, visible }
  const { isDelivered, reason } = gate(
    'principals' in change ? { ...facts, principals: change.principals } : facts,
  )
  return isDelivered ? `yes ${reason}` : reason
}

// proves: relay.f26
describe('authorised, visible, relevant', () => {
  const authorised = { yes: any, no: undefined }
  const table: [authorised: 'yes' | 'no', visible: Known, relevant: boolean, byGrant: string][] = [
    ['yes', 'yes', true, 'yes grant'],
    ['yes', 'yes', false, 'not-addressed'],
    ['yes', 'no', true, 'not-visible'],
    ['yes', 'no', false, 'not-visible'],
    ['yes', 'unknown', true, 'not-visible'],
    ['yes', 'unknown', false, 'not-visible'],
    ['no', 'yes', true, 'principal'],
    ['no', 'yes', false, 'principal'],
    ['no', 'no', true, 'principal'],
    ['no', 'no', false, 'principal'],
    ['no', 'unknown', true, 'principal'],
    ['no', 'unknown', false, 'principal'],
  ]

  it.each(table)('%s, %s, %s by a grant: %s', (isAuthorised, visible, addressesBot, expected) => {
    expect(judge('grant', { principals: authorised[isAuthorised], visible, addressesBot })).toBe(expected)
  })

  it.each(table)('%s, %s, %s to an owner: always', (isAuthorised, visible, addressesBot) => {
    const principals = authorised[isAuthorised]

    expect(judge('owner', { principals, visible, addressesBot })).toBe('yes owner')
    expect(judge('dm', { principals, visible, addressesBot, chat: { type: 'dm' } })).toBe('yes dm')
  })
})

describe('a principal policy', () => {
  it.each<[PrincipalPolicy | undefined, Way, string]>([
    [undefined, 'grant', 'principal'],
    [{ policy: 'owner-only', userIds: ['u1'] }, 'grant', 'principal'],
    [{ policy: 'allow-list', userIds: ['u2', 'u1'] }, 'grant', 'yes grant'],
    [{ policy: 'allow-list', userIds: ['u2'] }, 'grant', 'principal'],
    [{ policy: 'any', userIds: [] }, 'grant', 'yes grant'],
    [undefined, 'route', 'yes route'],
    [{ policy: 'owner-only', userIds: [] }, 'route', 'principal'],
    [{ policy: 'allow-list', userIds: ['u1'] }, 'route', 'yes route'],
    [{ policy: 'allow-list', userIds: [] }, 'route', 'principal'],
    [{ policy: 'any', userIds: [] }, 'route', 'yes route'],
  ])('%j by a %s: %s', (principals, way, expected) => {
    expect(judge(way, { principals })).toBe(expected)
  })
})

// proves: relay.f24
describe('relevance', () => {
  it('needs the bot to be addressed when nothing was said about it', () => {
    expect(judge('grant', { addressesBot: false })).toBe('not-addressed')
    expect(judge('route', { addressesBot: false })).toBe('not-addressed')
    expect(judge('grant', { addressesBot: true })).toBe('yes grant')
  })

  it('can be given up, everywhere or in some places', () => {
    const quiet = { addressesBot: false }
    const free = (place: string) => relevance({ freeResponseScopes: [place] })

    expect(judge('grant', { ...quiet, relevance: relevance({ requireAddress: false }) })).toBe('yes grant')
    expect(judge('grant', { ...quiet, relevance: free('c1') })).toBe('yes grant')
    expect(judge('grant', { ...quiet, relevance: free('s1') })).toBe('yes grant')
    expect(judge('grant', { ...quiet, relevance: free('p1'), chat: { parentId: 'p1' } })).toBe('yes grant')
    expect(judge('grant', { ...quiet, relevance: free('c2') })).toBe('not-addressed')
  })

  it('lets other bots in only when it says so, and then as everybody else', () => {
    const bot = { author: { isBot: true } }
    const allowed = relevance({ allowOtherBots: true })

    expect(judge('grant', bot)).toBe('bot-author')
    expect(judge('grant', { ...bot, relevance: relevance({ requireAddress: false }) })).toBe('bot-author')
    expect(judge('grant', { ...bot, relevance: allowed })).toBe('yes grant')
    expect(judge('grant', { ...bot, relevance: allowed, addressesBot: false })).toBe('not-addressed')
  })

  it('is asked of no owner, and not in a direct message', () => {
    expect(judge('owner', { addressesBot: false })).toBe('yes owner')
    expect(judge('route', { addressesBot: false, chat: { type: 'dm', scopeId: null } })).toBe('yes route')
  })
})

it("nothing of the bot's own passes", () => {
  expect(judge('owner', { author: { isSelf: true } })).toBe('self')
})
