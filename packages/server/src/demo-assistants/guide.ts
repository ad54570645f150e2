import type { Clock } from '@parley/kernel/ids'
import { type AssistantHandler, type HandlerContext, type HandlerSend, text } from '@parley/threads'
import { askedOf } from './asked.js'
import { picturePath } from './picture.js'
import * as texts from './texts.js'
import { words } from './words.js'

export type GuideOptions = {
  clock: Clock
  /** Where browsers reach the server. */
  publicUrl(): string
}

/** One thing that `guide` shows. */
type Show = (
  ctx: HandlerContext,
  send: HandlerSend,
  options: GuideOptions,
  asked: string,
) => ReturnType<AssistantHandler>

const quickMs = 25
const slowMs = 120

/** Shows what a room can do, each when it is asked for it. */
export const guideOf = (options: GuideOptions): AssistantHandler =>
  async function* (ctx, send) {
    const asked = await askedOf(ctx)
    const name = Object.keys(shows).find((one) => new RegExp(`\\b${one}\\b`, 'i').test(asked))
    yield* (name ? shows[name]! : anything)(ctx, send, options, asked)
  }

const write = (what: string, everyMs = quickMs): Show =>
  async function* ({ signal }, send, { clock }) {
    yield send.message(words(what, { clock, everyMs, signal }))
  }

const anything: Show = (ctx, send, options, asked) => write(texts.anything(asked))(ctx, send, options, asked)

const picture: Show = async function* (_ctx, send, { publicUrl }) {
  const url = publicUrl() + picturePath
  yield send.message([
    text(texts.picture),
    { type: 'image', url, mime: 'image/svg+xml', name: 'picture.svg' },
  ])
}

const form: Show = async function* (ctx, send) {
  const asked = yield send.form(texts.form)
  const { status, values } = await ctx.answer(asked)
  yield send.message([text(status === 'submitted' ? texts.formRead(values) : texts.formLeft)])
}

const tool: Show = async function* (ctx, send) {
  yield send.reasoning('I need the weather. That is a tool, and somebody has to allow it.')
  const call = send.toolCall({ ...texts.toolCall, metadata: { approval: 'required' } })
  yield call
  const { approved, reason } = await ctx.approval(call)
  if (approved) yield send.toolResult({ toolId: call.tool.id, result: texts.weather })
  yield send.message([text(approved ? texts.toolUsed : texts.toolRefused(reason))])
}

const slow: Show = async function* (ctx, send, options, asked) {
  yield send.reasoning('This one takes a while on purpose.')
  yield* write(texts.slow, slowMs)(ctx, send, options, asked)
}

/** By the word that asks for it; the first that fits counts. */
const shows: Readonly<Record<string, Show>> = {
  help: write(texts.help),
  code: write(texts.code),
  picture,
  form,
  tool,
  slow,
}
