export { discordDriver } from './discord/index.js'
export { discordLimits, telegramLimits } from './limits.js'
export type {
  BotCommand,
  BotHealth,
  ContextMessage,
  EdgeAnswer,
  EdgeRequest,
  Known,
  MediaFile,
  OpenBotOptions,
  Place,
  PlatformAction,
  PlatformBot,
  PlatformDriver,
  PlatformForward,
  PlatformLimits,
  PlatformMedia,
  PlatformMessage,
  PlatformResult,
  PlatformSink,
  PromptControl,
} from './port.js'
export { type SimDriver, simDriver } from './sim/index.js'
export {
  isSimBot,
  type SimBot,
  type SimChat,
  type SimControls,
  type SimFaults,
  type SimMessage,
  type SimScope,
  type SimTyping,
  type SimUser,
} from './sim-port.js'
export { telegramDriver } from './telegram/index.js'
