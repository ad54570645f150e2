import type { ReceiptState } from '@parley/relay'
import { type Command, Option } from 'commander'
import { print, table } from '../print.js'
import { openRelayClient } from './relay-client.js'

const states = ['queued', 'sent', 'confirmed', 'parked', 'dead'] as const

/** `parley relay receipts|retry`. */
export function addReceiptCommands(relay: Command): void {
  relay
    .command('receipts')
    .description('list what gateways asked for and what became of it, the newest first')
    .addOption(new Option('--state <state>', 'only these').choices(states))
    .option('--tenant <name>', 'only of this tenant')
    .action(async ({ state, tenant }: { state?: ReceiptState; tenant?: string }) => {
      const { client } = await openRelayClient()
      const { receipts } = await client.listReceipts({
        ...(state !== undefined && { state }),
        ...(tenant !== undefined && { tenant }),
      })
      const rows = receipts.map((one) => [
        one.id,
        one.state,
        one.op,
        `${one.platform}:${one.chatId}`,
        one.gatewayId,
        one.updatedAt,
        one.error ?? '',
      ])
      print(table([['RECEIPT', 'STATE', 'OP', 'CHAT', 'GATEWAY', 'CHANGED', ''], ...rows]))
    })

  relay
    .command('retry <receipt>')
    .description('send a parked or dead one again; a parked one may arrive twice')
    .action(async (id: string) => {
      const { client } = await openRelayClient()
      const { state } = await client.retryReceipt(id)
      print([`${id} is ${state}`])
    })
}
