import { eventually, stubTransport } from '@parley/testkit'
import { onTestFinished } from 'vitest'
import { encodePassthrough } from '../protocol/index.js'
import { gatewayId, secret, stubConnector } from './stub-connector.test.support.js'
import { type TransportSubject, transportConformance } from './transport-conformance.js'
import { webSocketTransport } from './web-socket-transport.js'

// proves: relay.f31
transportConformance('the transport over WebSocket', async () => {
  const connector = await stubConnector()
  const transport = webSocketTransport({
    url: connector.url,
    gatewayId,
    secret,
    identities: [{ platform: 'telegram', botId: '7' }],
  })
  onTestFinished(() => transport.disconnect({ graceMs: 0 }))
  const buffered = (bufferId?: string) => (bufferId ? { bufferId } : {})
  return {
    transport,
    actions: () => connector.of('outbound').map(({ action }) => action),
    acks: () => connector.of('inbound_ack').map(({ bufferId }) => String(bufferId)),
    interrupts: () =>
      // The cast: as the wire has it.
      connector.of('interrupt').map(({ session_key, reason }) => ({
        sessionKey: String(session_key),
        reason: reason as string | null,
      })),
    deliver: (event, bufferId) => connector.say({ type: 'inbound', event, ...buffered(bufferId) }),
    forward: (forward, bufferId) =>
      connector.say({
        type: 'passthrough_forward',
        forward: encodePassthrough(forward),
        ...buffered(bufferId),
      }),
    interrupt: (session_key, chat_id) => connector.say({ type: 'interrupt_inbound', session_key, chat_id }),
    answer: (result) => {
      // The cast: the client under test sends actions.
      connector.answer = (action) => result(action as Parameters<typeof result>[0])
    },
    lose: async () => {
      connector.cut()
      await eventually(() => transport.state.state !== 'connected')
    },
  } satisfies TransportSubject
})

function onStub(without: NonNullable<Parameters<typeof stubTransport>[0]>['without'] = []) {
  return async (): Promise<TransportSubject> => {
    const stub = stubTransport({ without })
    const { connector } = stub
    return {
      transport: stub,
      actions: () => connector.actions,
      acks: () => connector.acks,
      interrupts: () => connector.interrupts,
      deliver: (event, bufferId) => void connector.deliver(event, bufferId),
      forward: (forward, bufferId) => void connector.forward(forward, bufferId),
      interrupt: (sessionKey, chatId) => void connector.interrupt(sessionKey, chatId),
      answer: (result) =>
        // The casts: a stub keeps actions as they came; its results are the relay's.
        connector.answer((action) => result(action as never) ?? new Promise<never>(() => {})),
      lose: async () => connector.lose(),
    }
  }
}

// proves: relay.f31
transportConformance('the stub', onStub())
transportConformance(
  'a stub without what is optional',
  onStub(['setPassthroughHandler', 'setInterruptHandler', 'goIdle', 'descriptors', 'onState']),
)
