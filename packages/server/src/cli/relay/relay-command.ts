import type { Command } from 'commander'
import { addGatewayCommands } from './gateway-commands.js'
import { addLinkCommands } from './link-commands.js'
import { addPlatformCommands } from './platform-commands.js'
import { addReceiptCommands } from './receipt-commands.js'

/** `parley relay …`: bots, gateways, links and receipts of the running server. */
export function addRelayCommand(program: Command): void {
  const relay = program.command('relay').description('agents behind chat platforms')
  for (const add of [addPlatformCommands, addGatewayCommands, addLinkCommands, addReceiptCommands]) add(relay)
}
