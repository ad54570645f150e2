import * as z from 'zod'
import {
  BotTest,
  BotView,
  ChangeView,
  ConversationView,
  DecisionView,
  Enrolled,
  EnrolledGateway,
  EnrolmentToken,
  GatewayView,
  InstanceView,
  LinkCode,
  LinkView,
  PlatformView,
  PolicyView,
  ReceiptCounts,
  ReceiptPage,
  ReceiptView,
  operatorRoutes as routes,
  ScopeView,
  TenantView,
} from '../protocol/index.js'
import { type Calls, createCalls } from './answers.js'
import { createHttp } from './http.js'
import { createSimClient } from './sim-client.js'
import type { RelayClient, RelayClientOptions } from './types.js'
import { watch } from './watch.js'

/**
 * Makes a client of a relay's operators' routes, for browsers and for Node. It keeps nothing open.
 *
 * ```ts
 * const relay = createRelayClient({ baseUrl: 'https://parley.example', token: process.env.PARLEY_KEY })
 * const { secret } = await relay.enrollGateway({ tenant: 'acme' })
 * ```
 */
export function createRelayClient(options: RelayClientOptions = {}): RelayClient {
  const calls = createCalls(createHttp(options))
  return {
    ...botCalls(calls),
    ...gatewayCalls(calls),
    ...linkCalls(calls),
    ...receiptCalls(calls),
    ...historyCalls(calls),
    watch: (query) => watch(options, query),
    sim: (bot) => createSimClient(calls, bot),
  }
}

type Bots = 'listPlatforms' | 'listBots' | 'addBot' | 'changeBot' | 'removeBot' | 'testBot'

function botCalls({ one, list, none }: Calls): Pick<RelayClient, Bots> {
  return {
    listPlatforms: () => list(routes.listPlatforms, PlatformView),
    listBots: (query) => list(routes.listBots, BotView, { query }),
    addBot: (body) => one(routes.addBot, BotView, { body }),
    changeBot: ({ platform, botId }, body) =>
      one(routes.changeBot, BotView, { parts: { platform, botId }, body }),
    removeBot: ({ platform, botId }) => none(routes.removeBot, { parts: { platform, botId } }),
    testBot: ({ platform, botId }) => one(routes.testBot, BotTest, { parts: { platform, botId } }),
  }
}

type Gateways =
  | 'listGateways'
  | 'enrollGateway'
  | 'createEnrolmentToken'
  | 'rotateGateway'
  | 'revokeGateway'
  | 'listInstances'
  | 'listTenants'

function gatewayCalls({ one, list, none }: Calls): Pick<RelayClient, Gateways> {
  return {
    listGateways: (query) => list(routes.listGateways, GatewayView, { query }),
    enrollGateway: (body) => one(routes.enrollGateway, EnrolledGateway, { body }),
    createEnrolmentToken: (body) => one(routes.createEnrolmentToken, EnrolmentToken, { body }),
    rotateGateway: (gatewayId) => one(routes.rotateGateway, Enrolled, { parts: { gatewayId } }),
    revokeGateway: (gatewayId) => none(routes.revokeGateway, { parts: { gatewayId } }),
    listInstances: (query) => list(routes.listInstances, InstanceView, { query }),
    listTenants: (query) => list(routes.listTenants, TenantView, { query }),
  }
}

type Links = 'listLinks' | 'createLinkCode' | 'link' | 'unlink' | 'listScopes' | 'listPolicies'

function linkCalls({ one, list, none }: Calls): Pick<RelayClient, Links> {
  return {
    listLinks: (query) => list(routes.listLinks, LinkView, { query }),
    createLinkCode: (body) => one(routes.createLinkCode, LinkCode, { body }),
    link: (body) => one(routes.link, LinkView, { body }),
    unlink: ({ tenant, platform, userId }) => none(routes.unlink, { parts: { tenant, platform, userId } }),
    listScopes: (query) => list(routes.listScopes, ScopeView, { query }),
    listPolicies: (query) => list(routes.listPolicies, PolicyView, { query }),
  }
}

function receiptCalls({ one }: Calls): Pick<RelayClient, 'listReceipts' | 'countReceipts' | 'retryReceipt'> {
  return {
    listReceipts: (query) => one(routes.listReceipts, ReceiptPage, { query }),
    countReceipts: (query) => one(routes.countReceipts, ReceiptCounts, { query }),
    retryReceipt: (id) => one(routes.retryReceipt, ReceiptView, { parts: { id } }),
  }
}

type History = 'listDecisions' | 'listChanges' | 'listConversations' | 'counts'

function historyCalls({ one, list }: Calls): Pick<RelayClient, History> {
  return {
    listDecisions: (query) => list(routes.listDecisions, DecisionView, { query }),
    listChanges: (query) => list(routes.listChanges, ChangeView, { query }),
    listConversations: (query) => list(routes.listConversations, ConversationView, { query }),
    counts: () => one(routes.counts, z.record(z.string(), z.number())),
  }
}
