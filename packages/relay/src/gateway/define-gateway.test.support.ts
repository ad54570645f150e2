import {
  type FakeClock,
  fakeClock,
  fakeIds,
  type StubConnector,
  type StubTransportOptions,
  stubTransport,
} from '@parley/testkit'
import { onTestFinished } from 'vitest'
import type { MessageEvent, PromptResponse, SessionSource } from '../protocol/index.js'
import { type AgentOptions, type DefinedGateway, defineGateway } from './define-gateway.js'
import type { MediaClient } from './media-client.js'

export type Agent = {
  gateway: DefinedGateway
  connector: StubConnector
  clock: FakeClock
  reports: string[]
}

/** An agent on a stub, started. */
export async function anAgent(
  { media, ...options }: Partial<AgentOptions> & { media?: MediaClient } = {},
  stub: StubTransportOptions = {},
): Promise<Agent> {
  const transport = stubTransport(stub)
  const clock = fakeClock()
  const reports: string[] = []
  const gateway = defineGateway({
    onMessage: () => {},
    clock,
    ids: fakeIds(),
    report: (message) => reports.push(message),
    ...options,
    transport: Object.assign(transport, { media }),
  })
  await gateway.start()
  onTestFinished(() => gateway.stop({ graceMs: 0 }))
  return { gateway, connector: transport.connector, clock, reports }
}

let count = 0
export const said = (text: string, source: Partial<SessionSource> = {}): MessageEvent => ({
  text,
  message_type: 'text',
  message_id: `m${++count}`,
  source: {
    platform: 'telegram',
    chat_id: 'C1',
    chat_type: 'group',
    chat_name: null,
    user_id: 'U1',
    user_name: 'mira',
    thread_id: null,
    chat_topic: null,
    ...source,
  },
})

export const pressed = (
  press: Partial<PromptResponse> & { prompt_id: string },
  source: Partial<SessionSource> = {},
): MessageEvent => ({
  ...said('/x', source),
  message_type: 'command',
  prompt_response: { option_id: 'c0', ...press },
})

/** A promise and what settles it. */
export function hold(): { held: Promise<void>; finish(): void } {
  let finish = () => {}
  const held = new Promise<void>((resolve) => {
    finish = resolve
  })
  return { held, finish: () => finish() }
}
