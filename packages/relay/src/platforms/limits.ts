// What the platforms allow, as they publish it. Numbers change: each says where it comes from.

import type { PlatformLimits } from './port.js'

/**
 * Telegram's Bot API.
 * Texts and captions: https://core.telegram.org/bots/api#sendmessage and #sendphoto (after entities, in UTF-16 code units).
 * Files that a bot sends: https://core.telegram.org/bots/api#sending-files (50 MB by upload).
 * Rates: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this (a chat: one message a second, short
 * bursts pass; a group: 20 a minute; all chats together: about 30 a second).
 * Commands: https://core.telegram.org/bots/api#setmycommands.
 */
export const telegramLimits: PlatformLimits = {
  messageLength: 4_096,
  captionLength: 1_024,
  // A keyboard takes 100 buttons; more rows than eight do not fit on a telephone, and a list is easier to read.
  promptButtons: 8,
  // Not published: longer labels are cut on the screen.
  buttonLabel: 64,
  mediaBytes: 50_000_000,
  chatRate: { calls: 5, perMs: 5_000 },
  botRate: { calls: 30, perMs: 1_000 },
  commands: 100,
}

/** What a group of Telegram takes; its id is negative. */
export const telegramGroupRate = { calls: 20, perMs: 60_000 }

/**
 * Discord's API.
 * Texts: https://docs.discord.com/developers/resources/message#create-message (in characters).
 * Buttons: https://docs.discord.com/developers/components/reference (five rows of five; labels of 80 characters).
 * Files: https://docs.discord.com/developers/reference#uploading-files (10 MiB where nothing was bought).
 * Rates: https://docs.discord.com/developers/topics/rate-limits (50 a second for a bot; what a channel takes stands in the
 * answers' headers, and has been 5 in 5 s for years).
 * Commands: https://docs.discord.com/developers/interactions/application-commands#registering-a-command.
 */
export const discordLimits: PlatformLimits = {
  messageLength: 2_000,
  // A file's text is a message like any other.
  captionLength: 2_000,
  promptButtons: 25,
  buttonLabel: 80,
  mediaBytes: 10_485_760,
  chatRate: { calls: 5, perMs: 5_000 },
  botRate: { calls: 50, perMs: 1_000 },
  commands: 100,
}
