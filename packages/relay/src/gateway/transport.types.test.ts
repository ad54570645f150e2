import { stubTransport } from '@parley/testkit'
import { describe, expect, expectTypeOf, test } from 'vitest'
import type {
  CapabilityDescriptor,
  ChatInfo,
  FollowUpAction,
  MessageEvent,
  OutboundAction,
  OutboundResult,
  PassthroughForward,
} from '../protocol/index.js'
import * as protocol from '../protocol/index.js'
import type { Delivery, InboundHandler, PassthroughHandler, RelayTransport } from './index.js'
import * as gateway from './index.js'
import type { WebSocketTransport } from './web-socket-transport.js'

// proves: relay.f32
describe('the names of the contract', () => {
  test('have their signatures', () => {
    expectTypeOf<RelayTransport['connect']>().toEqualTypeOf<() => Promise<boolean>>()
    expectTypeOf<RelayTransport['disconnect']>().toEqualTypeOf<
      (options?: { graceMs?: number }) => Promise<void>
    >()
    expectTypeOf<RelayTransport['handshake']>().toEqualTypeOf<() => Promise<CapabilityDescriptor>>()
    expectTypeOf<RelayTransport['setInboundHandler']>().toEqualTypeOf<(handler: InboundHandler) => void>()
    expectTypeOf<RelayTransport['setPassthroughHandler']>().toEqualTypeOf<
      ((handler: PassthroughHandler) => void) | undefined
    >()
    expectTypeOf<RelayTransport['sendOutbound']>().toEqualTypeOf<
      (action: OutboundAction) => Promise<OutboundResult>
    >()
    expectTypeOf<RelayTransport['getChatInfo']>().toEqualTypeOf<(chatId: string) => Promise<ChatInfo>>()
    expectTypeOf<RelayTransport['sendInterrupt']>().toEqualTypeOf<
      (sessionKey: string, reason?: string) => Promise<void>
    >()
    expectTypeOf<RelayTransport['sendFollowUp']>().toEqualTypeOf<
      (action: FollowUpAction) => Promise<OutboundResult>
    >()
    expectTypeOf<InboundHandler>().toEqualTypeOf<(event: MessageEvent, delivery: Delivery) => Promise<void>>()
    // A handler of the original, which takes two arguments, fits.
    expectTypeOf<
      (forward: PassthroughForward, bufferId?: string) => Promise<void>
    >().toExtend<PassthroughHandler>()
  })

  test('fit both transports', () => {
    expectTypeOf<WebSocketTransport>().toExtend<RelayTransport>()
    expectTypeOf(stubTransport()).toExtend<RelayTransport>()
  })

  test('are exported', () => {
    expect(Object.keys(gateway)).toEqual(
      expect.arrayContaining(['createGateway', 'defineGateway', 'webSocketTransport']),
    )
    expect(Object.keys(protocol)).toEqual(
      expect.arrayContaining([
        'CapabilityDescriptor',
        'buildSessionKey',
        'decodePassthrough',
        'encodePassthrough',
        'interactionToMessage',
        'supports',
      ]),
    )
  })
})
