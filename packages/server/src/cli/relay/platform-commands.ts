import type { Command } from 'commander'
import { print, table } from '../print.js'
import { parseBot } from './bot-argument.js'
import { readCredentials } from './credentials.js'
import { openRelayClient } from './relay-client.js'

type Added = {
  as?: string
  bot?: string
  label?: string
  tenant?: string[]
  credential?: string[]
  setting?: string[]
}

/** `parley relay platform add|list|test|remove`. */
export function addPlatformCommands(relay: Command): void {
  const platform = relay.command('platform').description('bots that the connector speaks through')

  platform
    .command('add <driver>')
    .description('add a bot: of telegram, discord, or the simulator sim; the platform is asked who it is')
    .option('--as <platform>', 'sim: the platform that it imitates, such as telegram')
    .option('--bot <id>', 'the bot’s id; default: what the platform says')
    .option('--label <text>', 'what people call it')
    .option('--tenant <name...>', 'only these tenants may use it; default: all')
    .option(
      '--credential <name=value...>',
      'value is env:NAME, @FILE, or the text itself, which others on this machine can read while the command runs',
    )
    .option('--setting <name=value...>', 'settings of the driver; values are JSON or text')
    .action(async (driver: string, { as, bot, label, tenant, credential, setting }: Added) => {
      const { client } = await openRelayClient()
      const added = await client.addBot({
        driver,
        credentials: await readCredentials(credential ?? []),
        settings: readSettings(setting ?? []),
        ...(as !== undefined && { platform: as }),
        ...(bot !== undefined && { botId: bot }),
        ...(label !== undefined && { label }),
        ...(tenant && { tenants: tenant }),
      })
      print([`added ${added.platform}:${added.botId}${added.username ? ` (${added.username})` : ''}`])
      if (added.edgePath) print([`It may be told to deliver to ${added.edgePath}`])
    })

  platform
    .command('list')
    .description('list bots and how they are')
    .action(async () => {
      const { client } = await openRelayClient()
      const rows = (await client.listBots()).map((one) => [
        `${one.platform}:${one.botId}`,
        one.driver,
        one.label,
        one.isEnabled ? one.health.state : 'off',
        one.tenants?.join(',') ?? 'all',
        one.health.detail ?? '',
      ])
      print(table([['BOT', 'DRIVER', 'LABEL', 'HEALTH', 'TENANTS', ''], ...rows]))
    })

  platform
    .command('test <bot>')
    .description('ask the platform whether a bot’s credential is good; a bot is platform:id')
    .action(async (text: string) => {
      const { client } = await openRelayClient()
      const { ok, detail } = await client.testBot(parseBot(text))
      print([`${ok ? 'well' : 'not well'}: ${detail}`])
      if (!ok) process.exitCode = 1
    })

  platform
    .command('remove <bot>')
    .description('forget a bot and its credential')
    .action(async (text: string) => {
      const { client } = await openRelayClient()
      await client.removeBot(parseBot(text))
      print([`removed ${text}`])
    })
}

function readSettings(entries: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    entries.map((entry) => {
      const [, name, value = ''] = /^([^=]+)=(.*)$/s.exec(entry) ?? []
      if (name === undefined) throw new Error(`--setting ${entry}: must be like name=value`)
      return [name, readValue(value)]
    }),
  )
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
