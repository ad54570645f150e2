// What Discord asks at the edge: commands, presses and forms are passed on, everything else is answered here.

import type { JsonObject } from '@parley/kernel/wire'
import { InteractionResponseType, InteractionType } from 'discord-api-types/v10'
import { readPromptToken } from '../../protocol/index.js'
import type { EdgeAnswer, EdgeRequest, PlatformForward, PlatformSink } from '../port.js'
import type { Discord } from './discord.js'
import { interactionToken, toSecret } from './follow-up.js'
import { type Interaction, readBody, readInteraction, withoutToken } from './read-interaction.js'
import { toAuthor, toChat } from './receive.js'
import type { IsSigned } from './signature.js'

/** Discord waits three seconds for an answer. */
const answerWithinMs = 2_500

const json = (status: number, value: unknown): EdgeAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
})
const invalid = json(400, { error: 'this is no interaction' })

/** Answers one request. Nothing is read of one whose signature is wrong. */
export async function answerInteraction(
  discord: Discord,
  isSigned: IsSigned,
  request: EdgeRequest,
  sink: PlatformSink,
): Promise<EdgeAnswer> {
  if (!isSigned(request)) return json(401, { error: 'invalid request signature' })
  if (request.method !== 'POST') return json(405, { error: 'method not allowed' })
  const body = readBody(request.body)
  switch (body?.type) {
    case InteractionType.Ping:
      return json(200, { type: InteractionResponseType.Pong })
    case InteractionType.ApplicationCommandAutocomplete:
      return json(200, {
        type: InteractionResponseType.ApplicationCommandAutocompleteResult,
        data: { choices: [] },
      })
    case InteractionType.ApplicationCommand:
    case InteractionType.ModalSubmit:
      return await take(discord, body, InteractionResponseType.DeferredChannelMessageWithSource, sink)
    case InteractionType.MessageComponent:
      return await take(discord, body, InteractionResponseType.DeferredMessageUpdate, sink)
    default:
      return invalid
  }
}

/** Stores it, then tells Discord that an answer will come. Not stored in time: Discord tells its user that it failed. */
async function take(
  discord: Discord,
  body: JsonObject,
  type: InteractionResponseType,
  sink: PlatformSink,
): Promise<EdgeAnswer> {
  const interaction = readInteraction(body)
  if (!interaction) return invalid
  const hasPlaceholder = type === InteractionResponseType.DeferredChannelMessageWithSource
  const forward = toForward(discord, body, interaction, hasPlaceholder)
  const stored = sink.forward(forward).then(
    () => true,
    (error: unknown) => {
      discord.onFault(error, 'discord: an interaction was not stored')
      return false
    },
  )
  const isStored = await Promise.race([stored, lateAfter(discord, answerWithinMs, stored)])
  return isStored ? json(200, { type }) : json(500, { error: 'temporarily unavailable' })
}

function lateAfter({ clock }: Discord, ms: number, until: Promise<unknown>): Promise<false> {
  return new Promise((resolve) => {
    const stopTimer = clock.after(ms, () => resolve(false))
    until.finally(stopTimer).catch(() => {})
  })
}

/** The request without what could act as the bot: that goes beside it, to the vault (contract 6.2). */
function toForward(
  { identity }: Discord,
  body: JsonObject,
  interaction: Interaction,
  hasPlaceholder: boolean,
): PlatformForward {
  const { id, application_id: applicationId, token, guild_id: scopeId, member, user, data } = interaction
  const customId = data?.custom_id ?? ''
  const channel = interaction.channel ?? { type: scopeId === undefined ? 1 : 0 }
  return {
    dedupe: `interaction:${id}`,
    chat: toChat({ ...channel, id: interaction.channel_id }, scopeId),
    // The schema has made sure that there is one of the two.
    author: toAuthor(identity.botId, (member?.user ?? user)!, { nick: member?.nick }),
    ...(readPromptToken(customId) && { pressToken: customId }),
    capability: { kind: interactionToken, secret: toSecret({ applicationId, token, hasPlaceholder }) },
    forward: {
      ...identity,
      method: 'POST',
      path: `/interactions/discord/${encodeURIComponent(identity.botId)}`,
      headers: [['content-type', 'application/json']],
      body: new TextEncoder().encode(JSON.stringify(withoutToken(body, token))),
    },
  }
}
