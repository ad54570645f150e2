// The names of the relay plane that docs/coming-from.md promises. A name that goes away is a breaking change and fails here.
import * as relay from '@parley/relay'
import * as client from '@parley/relay/client'
import type {
  Delivery,
  InboundHandler,
  InterruptHandler,
  PassthroughHandler,
  RelayTransport,
} from '@parley/relay/gateway'
import * as gateway from '@parley/relay/gateway'
import * as platforms from '@parley/relay/platforms'
import type {
  ChatInfo,
  FollowUpAction,
  MessageEvent,
  OutboundAction,
  OutboundResult,
  PassthroughForward,
} from '@parley/relay/protocol'
import * as protocol from '@parley/relay/protocol'
import * as testkit from '@parley/testkit'
import { expect, expectTypeOf, test } from 'vitest'

// proves: relay.f32
test.each([
  ['@parley/relay', relay, ['createRelay', 'oidcCallers', 'staticCallers', 'relayErrors', 'relayMigrations']],
  ['protocol', protocol, ['CapabilityDescriptor', 'supports', 'encodePassthrough', 'decodePassthrough']],
  ['protocol', protocol, ['interactionToMessage', 'buildSessionKey', 'promptToken', 'readPromptToken']],
  ['gateway', gateway, ['webSocketTransport', 'createGateway', 'defineGateway', 'connectRelay']],
  ['gateway', gateway, ['gatewayFromEnv', 'enroll', 'provision', 'mintToken', 'createMediaClient']],
  ['client', client, ['createRelayClient', 'RelayClientError']],
  ['platforms', platforms, ['simDriver', 'telegramDriver', 'discordDriver']],
  ['@parley/testkit', testkit, ['stubTransport']],
] as const)('%s has its names', (_where, module, names) => {
  expect(Object.keys(module)).toEqual(expect.arrayContaining([...names]))
})

// proves: relay.f32
test('the interface of the original has its shapes', () => {
  expectTypeOf<RelayTransport['connect']>().toEqualTypeOf<() => Promise<boolean>>()
  expectTypeOf<RelayTransport['sendOutbound']>().toEqualTypeOf<
    (action: OutboundAction) => Promise<OutboundResult>
  >()
  expectTypeOf<RelayTransport['sendFollowUp']>().toEqualTypeOf<
    (action: FollowUpAction) => Promise<OutboundResult>
  >()
  expectTypeOf<RelayTransport['getChatInfo']>().toEqualTypeOf<(chatId: string) => Promise<ChatInfo>>()
  expectTypeOf<InboundHandler>().toEqualTypeOf<(event: MessageEvent, delivery: Delivery) => Promise<void>>()
  expectTypeOf<Parameters<PassthroughHandler>[0]>().toEqualTypeOf<PassthroughForward>()
  expectTypeOf<InterruptHandler>().parameters.toEqualTypeOf<[sessionKey: string, chatId: string]>()
  // A forward's handler is optional: a transport may have none.
  expectTypeOf<RelayTransport['setPassthroughHandler']>().toExtend<
    ((handler: PassthroughHandler) => void) | undefined
  >()
})
