// One bot, two tenants, an agent that sleeps. The connector and the people are in this file, the agent is in agent.ts;
// `node dist/chat.js` prints what everybody says.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pathToFileURL } from 'node:url'
import { createRelay, type RelayOperator, type SimControls } from '@parley/relay'
import { defineGateway } from '@parley/relay/gateway'
import { orderAgent } from './agent.js'

const bot = { platform: 'telegram', botId: '7000000001' }
const [ada, bo] = ['ada', 'bo']

// --- the connector ----------------------------------------------------------------------------------------------

/** Serves a connector with a simulated bot on a free port. It holds whatever there is to hold; agents hold nothing of it. */
export async function startConnector() {
  const relay = createRelay()
  const { operator } = await relay.service()
  const server = createServer((request, response) => void relay.node(request, response)).on(
    'upgrade',
    relay.upgrade,
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  await operator.addBot({}, { driver: 'sim', ...bot })
  const stop = async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    await relay.stop()
    server.closeAllConnections()
    await closed
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, operator, stop }
}

/** An agent of a tenant, and who its person is. */
async function enroll(operator: RelayOperator, tenant: string, userId: string) {
  const { gatewayId, secret, instanceId } = await operator.enrollGateway(
    {},
    { tenant, gatewayId: `gw-${tenant}` },
  )
  await operator.link({}, { tenant, instanceId, platform: bot.platform, userId })
  return { gatewayId, secret }
}

// --- the people -------------------------------------------------------------------------------------------------

/** Resolves when a chat shows `count` messages of the bot. */
async function untilAnswered(sim: SimControls, chatId: string, count: number): Promise<void> {
  const isThere = () => sim.messages(chatId).filter(({ userId }) => userId === null).length >= count
  if (isThere()) return
  await new Promise<void>((resolve) => {
    const stop = sim.onChange(() => {
      if (!isThere()) return
      stop()
      resolve()
    })
  })
}

const linesOf = (sim: SimControls, chatId: string): string[] =>
  sim.messages(chatId).map(({ userId, text }) => `${userId ?? 'bot'}: ${text}`)

/** The story. Answers what each person's chat shows at its end. */
export async function bringYourChat(say: (line: string) => void): Promise<Record<'ada' | 'bo', string[]>> {
  const { url, operator, stop } = await startConnector()
  const sim = operator.sim({}, bot)!
  const write = async (userId: string, text: string) => {
    say(`${userId} writes: ${text}`)
    await sim.say({ userId, chatId: userId, chatType: 'dm', text })
  }
  const kitchen = orderAgent(url, await enroll(operator, 'acme', ada))
  const parrot = defineGateway({
    ...(await enroll(operator, 'globex', bo)),
    url,
    identities: [bot],
    onMessage: async ({ text }, chat) => void (await chat.reply(text.toUpperCase())),
  })
  await Promise.all([kitchen.start(), parrot.start()])

  await write(ada, 'order soup')
  await untilAnswered(sim, ada, 1)
  const question = sim.messages(ada).at(-1)!
  await sim.press({ userId: ada, chatId: ada, messageId: question.id, optionId: 'large' })
  await untilAnswered(sim, ada, 2)
  await write(bo, 'hello?')
  await untilAnswered(sim, bo, 1)

  // Nothing comes any more after this; the connector keeps what people write.
  await kitchen.transport.goIdle?.()
  await kitchen.stop()
  await write(ada, 'are you there?')
  await write(ada, 'well, later then')
  const awake = orderAgent(url, await enroll(operator, 'acme', ada))
  await awake.start()
  await untilAnswered(sim, ada, 4)

  await Promise.all([awake.stop(), parrot.stop()])
  const shown = { ada: linesOf(sim, ada), bo: linesOf(sim, bo) }
  await stop()
  return shown
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const shown = await bringYourChat((line) => console.info(line))
  for (const [name, lines] of Object.entries(shown)) console.info(`\n${name}'s chat\n  ${lines.join('\n  ')}`)
}
