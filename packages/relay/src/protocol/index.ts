export type {
  ActionMetadata,
  ChatInfo,
  ChatInfoAction,
  DeleteAction,
  EditAction,
  FollowUpAction,
  MediaKind,
  OutboundAction,
  OutboundResult,
  PromptAction,
  PromptOption,
  ReactAction,
  SendAction,
  SendMediaAction,
  ThreadCreateAction,
  ThreadRenameAction,
  TypingAction,
} from './actions.js'
export { decodeBase64, decodeBase64Url, encodeBase64, encodeBase64Url } from './base64.js'
export { bearerOf } from './bearer.js'
export { CapabilityDescriptor } from './descriptor.js'
export type { BotIdentity, ConnectorFrame, GatewayFrame } from './frames.js'
export { createFrameReader, type FrameReader, type FrameReaderOptions, frameText } from './framing.js'
export {
  botsLeftOut,
  enrolmentEnvironment,
  gatewayEnvironment,
  type MadeGateway,
} from './gateway-environment.js'
export { interactionToMessage } from './interaction.js'
export { limits } from './limits.js'
export {
  type ContextItem,
  type MediaItem,
  type MessageEvent,
  type MessageType,
  messageTypes,
  type PromptResponse,
  type SessionSource,
} from './message-event.js'
export {
  BotTest,
  BotView,
  ChangeView,
  ConversationView,
  DecisionView,
  Enrolled,
  EnrolledGateway,
  EnrolmentToken,
  GatewayView,
  InstanceView,
  LinkCode,
  LinkView,
  PlatformView,
  PolicyView,
  ReceiptCounts,
  ReceiptPage,
  ReceiptState,
  ReceiptView,
  RelayKind,
  ScopeView,
  TenantView,
} from './operator.js'
export type {
  BotChange,
  LinkCodeRequest,
  LinkKey,
  NewBot,
  NewestQuery,
  NewGateway,
  NewLink,
  ReceiptQuery,
} from './operator-requests.js'
export {
  type OperatorRoute,
  type OperatorRouteName,
  operatorRoot,
  operatorRoutes,
  operatorStream,
} from './operator-routes.js'
export type { PassthroughForward, PassthroughWire } from './passthrough.js'
export { decodePassthrough, encodePassthrough } from './passthrough-codec.js'
export { promptToken, readPromptToken } from './prompt-token.js'
export { readDescriptor, supports } from './read-descriptor.js'
export { type ReadMessageEventOptions, readMessageEvent } from './read-message-event.js'
export { knownPlatforms } from './read-source.js'
export { chatInfoOf, isDeclined, readResult } from './results.js'
export { buildSessionKey, type KeySource, type SessionKeyOptions } from './session-key.js'
export {
  SimChat,
  SimCommand,
  SimFaults,
  SimMessage,
  SimPress,
  SimSay,
  SimScope,
  SimTyping,
  SimUser,
  SimWorld,
} from './sim.js'
export { type SimRouteName, simRoutes } from './sim-routes.js'
export { cutText, type LenUnit, splitText, textLength } from './text.js'
export { type DecodedToken, decodeToken, encodeToken } from './token.js'
export { dialUrl, httpUrl, isMediaOf, mediaIdOf } from './urls.js'
export { canonicalWhatsAppId } from './whatsapp.js'
