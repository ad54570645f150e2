import { operatorRoutes, type RelayOperator } from '@parley/relay'
import * as z from 'zod'
import { parseJson, parseQuery } from '../parse.js'
import { botOf, type Call, part } from './call.js'

const name = z.string().min(1).max(255)
const bot = z.object({ platform: name, botId: name })
const credentials = z.record(name, z.string().max(4_096))

const NewBot = z.object({
  driver: name,
  platform: name.optional(),
  botId: name.optional(),
  label: name.optional(),
  credentials: credentials.optional(),
  settings: z.record(name, z.unknown()).optional(),
  tenants: z.array(name).max(1_000).nullable().optional(),
})
const BotChange = z.object({
  label: name.optional(),
  tenants: z.array(name).max(1_000).nullable().optional(),
  isEnabled: z.boolean().optional(),
  credentials: credentials.optional(),
})
const NewGateway = z.object({
  tenant: name,
  gatewayId: name.optional(),
  instanceId: name.optional(),
  displayName: name.optional(),
  wakeUrl: z.string().max(2_048).optional(),
  bots: z.array(bot).max(100).optional(),
})
const OfTenant = z.object({ tenant: name })
const LinkCode = z.object({ tenant: name, instanceId: name, platform: name })
const NewLink = LinkCode.extend({ userId: name })
const Newest = z.object({ limit: z.coerce.number().int().min(1).max(500).optional() })
const Receipts = z.object({
  state: z.enum(['queued', 'sent', 'confirmed', 'parked', 'dead']).optional(),
  before: z.string().max(300).optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
})

/** Every operation of `operatorRoutes`. */
export function operatorCalls(operator: RelayOperator): Call[] {
  const routes = operatorRoutes
  return [
    { route: routes.listPlatforms, run: async () => operator.listPlatforms() },
    { route: routes.counts, run: async () => operator.counts() },
    ...lists(operator),
    {
      route: routes.addBot,
      body: NewBot,
      run: async ({ context, within }) => operator.addBot(within, await parseJson(context, NewBot)),
    },
    {
      route: routes.changeBot,
      body: BotChange,
      run: async ({ context, within }) =>
        operator.changeBot(within, botOf(context), await parseJson(context, BotChange)),
    },
    {
      route: routes.removeBot,
      run: ({ context, within }) => operator.removeBot(within, botOf(context)),
    },
    { route: routes.testBot, run: ({ context, within }) => operator.testBot(within, botOf(context)) },
    {
      route: routes.enrollGateway,
      body: NewGateway,
      run: async ({ context, within }) =>
        operator.enrollGateway(within, await parseJson(context, NewGateway)),
    },
    {
      route: routes.createEnrolmentToken,
      body: OfTenant,
      run: async ({ context, within }) =>
        operator.createEnrolmentToken(within, await parseJson(context, OfTenant)),
    },
    {
      route: routes.rotateGateway,
      run: ({ context, within }) => operator.rotateGateway(within, part(context, 'gatewayId')),
    },
    {
      route: routes.revokeGateway,
      run: ({ context, within }) => operator.revokeGateway(within, part(context, 'gatewayId')),
    },
    {
      route: routes.link,
      body: NewLink,
      run: async ({ context, within }) => operator.link(within, await parseJson(context, NewLink)),
    },
    {
      route: routes.unlink,
      run: ({ context, within }) =>
        operator.unlink(within, {
          tenant: part(context, 'tenant'),
          platform: part(context, 'platform'),
          userId: part(context, 'userId'),
        }),
    },
    {
      route: routes.createLinkCode,
      body: LinkCode,
      run: async ({ context, within }) => operator.createLinkCode(within, await parseJson(context, LinkCode)),
    },
    {
      route: routes.listReceipts,
      run: ({ context, within }) => operator.listReceipts(within, parseQuery(context, Receipts)),
    },
    {
      route: routes.retryReceipt,
      run: ({ context, within }) => operator.retryReceipt(within, part(context, 'id')),
    },
  ]
}

/** Those that take nothing but whom they are about, and how many. */
function lists(operator: RelayOperator): Call[] {
  const whole = [
    'listBots',
    'listGateways',
    'listInstances',
    'listTenants',
    'listLinks',
    'listScopes',
    'listPolicies',
    'countReceipts',
  ] as const
  const newest = ['listDecisions', 'listChanges', 'listConversations'] as const
  return [
    ...whole.map(
      (operation): Call => ({
        route: operatorRoutes[operation],
        run: ({ within }) => operator[operation](within),
      }),
    ),
    ...newest.map(
      (operation): Call => ({
        route: operatorRoutes[operation],
        run: ({ context, within }) => operator[operation](within, parseQuery(context, Newest)),
      }),
    ),
  ]
}
