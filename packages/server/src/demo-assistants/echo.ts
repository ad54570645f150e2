import { type AssistantHandler, text } from '@parley/threads'
import { askedOf } from './asked.js'

/** Says again what was said. */
export const echo: AssistantHandler = async function* (ctx, send) {
  yield send.message([text((await askedOf(ctx)) || 'Send me some words, and I say them again.')])
}
