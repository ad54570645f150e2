import type { Command } from 'commander'
import { print, table } from '../print.js'
import { openRelayClient } from './relay-client.js'

type Named = { user?: string }

/** `parley relay link|links|unlink`. */
export function addLinkCommands(relay: Command): void {
  relay
    .command('link <platform> <tenant> <instance>')
    .description('print a code; who sends it to the bot as a direct message owns the agent')
    .option('--user <id>', 'link this user of the platform at once, without a code')
    .action(async (platform: string, tenant: string, instanceId: string, { user }: Named) => {
      const { client } = await openRelayClient()
      if (user !== undefined) {
        await client.link({ tenant, instanceId, platform, userId: user })
        return print([`linked ${platform} user ${user} to ${instanceId}`])
      }
      const { code, expiresAt } = await client.createLinkCode({ tenant, instanceId, platform })
      print([`/link ${code}`, `# as a direct message to the bot, until ${expiresAt}`])
    })

  relay
    .command('links')
    .description('list who is linked to which agent')
    .option('--tenant <name>', 'only of this tenant')
    .action(async ({ tenant }: { tenant?: string }) => {
      const { client } = await openRelayClient()
      const found = await client.listLinks({ ...(tenant !== undefined && { tenant }) })
      const rows = found.map((one) => [one.platform, one.userId, one.tenant, one.instanceId, one.linkedAt])
      print(table([['PLATFORM', 'USER', 'TENANT', 'INSTANCE', 'SINCE'], ...rows]))
    })

  relay
    .command('unlink <platform> <tenant> <user>')
    .description('end a link')
    .action(async (platform: string, tenant: string, userId: string) => {
      const { client } = await openRelayClient()
      await client.unlink({ tenant, platform, userId })
      print([`unlinked ${platform} user ${userId}`])
    })
}
