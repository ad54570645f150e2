// The agent of Ada's company. It runs anywhere, dials out, and knows no more than its own secret.
import { type DefinedGateway, defineGateway, type GatewayCredential } from '@parley/relay/gateway'

const sizes = [
  { id: 'small', label: 'Small' },
  { id: 'large', label: 'Large' },
]

export function orderAgent(url: string, credential: GatewayCredential): DefinedGateway {
  return defineGateway({
    ...credential,
    url,
    identities: [{ platform: 'telegram', botId: '7000000001' }],
    onMessage: async ({ text }, chat) => {
      const [, dish] = /^order (.+)$/.exec(text) ?? []
      if (!dish) return void (await chat.reply(`You said: ${text}`))
      const size = await chat.ask({ text: `Which ${dish}?`, options: sizes })
      await chat.reply(`One ${size?.label.toLowerCase()} ${dish} is on its way.`)
    },
  })
}
