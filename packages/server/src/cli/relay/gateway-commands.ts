import {
  type BotIdentity,
  botsLeftOut,
  enrolmentEnvironment,
  gatewayEnvironment,
} from '@parley/relay/protocol'
import type { Command } from 'commander'
import { print, table } from '../print.js'
import { parseBot } from './bot-argument.js'
import { openRelayClient } from './relay-client.js'

type Enrolled = {
  gateway?: string
  instance?: string
  name?: string
  wake?: string
  bot?: string[]
  token?: boolean
}

/** `parley relay enroll|gateways|revoke`. */
export function addGatewayCommands(relay: Command): void {
  relay
    .command('enroll <tenant>')
    .description('make a gateway and print its environment; the secret is shown this once')
    .option('--gateway <id>', 'its id; default: a new one')
    .option('--instance <id>', 'the agent it belongs to; default: one of its own')
    .option('--name <text>', 'what people call the agent')
    .option('--wake <url>', 'asked when something comes for an agent that sleeps')
    .option('--bot <platform:id...>', 'bots it fronts; default: all that the tenant may use')
    .option('--token', 'print a token instead, with which a gateway enrols itself within 15 minutes')
    .action(async (tenant: string, options: Enrolled) => {
      const { client, url } = await openRelayClient()
      if (options.token) {
        const { token, expiresAt } = await client.createEnrolmentToken({ tenant })
        return print([...enrolmentEnvironment(url, token), `# until ${expiresAt}`])
      }
      const { gateway, instance, name, wake, bot } = options
      const made = await client.enrollGateway({
        tenant,
        ...(gateway !== undefined && { gatewayId: gateway }),
        ...(instance !== undefined && { instanceId: instance }),
        ...(name !== undefined && { displayName: name }),
        ...(wake !== undefined && { wakeUrl: wake }),
        ...(bot && { bots: bot.map(parseBot) }),
      })
      print([...gatewayEnvironment(url, made), ...leftOutNote(made.bots)])
    })

  relay
    .command('gateways')
    .description('list gateways')
    .option('--tenant <name>', 'only of this tenant')
    .action(async ({ tenant }: { tenant?: string }) => {
      const { client } = await openRelayClient()
      const found = await client.listGateways({ ...(tenant !== undefined && { tenant }) })
      const rows = found.map((one) => [
        one.gatewayId,
        one.tenant,
        one.instanceId,
        one.state,
        one.lastSeenAt ?? 'never',
      ])
      print(table([['GATEWAY', 'TENANT', 'INSTANCE', 'STATE', 'LAST SEEN'], ...rows]))
    })

  relay
    .command('revoke <gateway>')
    .description('end a gateway at once; with its last one an agent’s buffer and links go too')
    .action(async (gatewayId: string) => {
      const { client } = await openRelayClient()
      await client.revokeGateway(gatewayId)
      print([`revoked ${gatewayId}`])
    })
}

const leftOutNote = (bots: readonly BotIdentity[]): string[] =>
  botsLeftOut(bots).length > 0
    ? ['# There is room for one bot a platform; name those it is to front with --bot.']
    : []
