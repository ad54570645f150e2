import { eventually, type FakeClock, fakeClock, fakeIds } from '@parley/testkit'
import { onTestFinished } from 'vitest'
import { gatewayId, type StubConnector, secret, stubConnector } from './stub-connector.test.support.js'
import {
  type WebSocketTransport,
  type WebSocketTransportOptions,
  webSocketTransport,
} from './web-socket-transport.js'

export type Opened = {
  connector: StubConnector
  transport: WebSocketTransport
  clock: FakeClock
  reports: string[]
  /** Every state since the beginning. */
  states: string[]
  /** Waits until the transport is in this state. */
  in(state: string): Promise<unknown>
}

/** A transport of one bot, a connector of its own, and a clock that moves when told to. */
export async function openTransport(
  options: Partial<WebSocketTransportOptions> = {},
  arrange: (connector: StubConnector) => void = () => {},
): Promise<Opened> {
  const connector = await stubConnector()
  arrange(connector)
  const clock = fakeClock()
  const reports: string[] = []
  const states: string[] = []
  const transport = webSocketTransport({
    url: connector.url,
    gatewayId,
    secret,
    identities: [{ platform: 'telegram', botId: '7' }],
    clock,
    ids: fakeIds(),
    report: (message) => reports.push(message),
    ...options,
  })
  transport.onState(({ state }) => states.push(state))
  onTestFinished(() => transport.disconnect({ graceMs: 0 }))
  return {
    connector,
    transport,
    clock,
    reports,
    states,
    in: (state) => eventually(() => transport.state.state === state),
  }
}

export async function openConnected(
  options: Partial<WebSocketTransportOptions> = {},
  arrange?: (connector: StubConnector) => void,
): Promise<Opened> {
  const opened = await openTransport(options, arrange)
  await opened.transport.connect()
  await opened.transport.handshake()
  return opened
}
