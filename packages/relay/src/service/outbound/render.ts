import type { MediaFile, PlatformAction, PlatformBot, PromptControl } from '../../platforms/port.js'
import {
  cutText,
  type OutboundAction,
  type PromptAction,
  promptToken,
  type SendMediaAction,
  splitText,
  textLength,
} from '../../protocol/index.js'

/** The calls that an action becomes on a platform. */
export type Plan = {
  /** At least one. */
  steps: readonly PlatformAction[]
  /** Whose message answers the action: the first text, but the message that carries a prompt's controls. */
  main: number
  /** How it is less than what was asked for: `text`, `split`, `cut`. */
  rung?: string
}

/** What an action needs that is not in it. */
export type Extra = { prefix: string; file?: MediaFile; capability?: { secret: string; isFirst: boolean } }

type Renderer = Pick<PlatformBot, 'descriptor' | 'limits'>
type Doable = Exclude<OutboundAction, { op: 'get_chat_info' }>

/** Fits an action to what a platform takes: splits what is too long, shows a prompt as text where its buttons would not fit. */
export function planOf(action: Doable, bot: Renderer, extra: Extra): Plan {
  switch (action.op) {
    case 'send':
      return textPlan(bot, extra.prefix + action.content, (content, n) => ({
        ...action,
        content,
        reply_to: n === 0 ? (action.reply_to ?? null) : null,
      }))
    case 'edit':
      return editPlan(bot, { ...action, content: extra.prefix + action.content })
    case 'follow_up':
      return textPlan(bot, action.content, (content, n) => ({
        op: 'follow_up',
        secret: extra.capability?.secret ?? '',
        isFirst: n === 0 && (extra.capability?.isFirst ?? false),
        content,
      }))
    case 'send_media':
      return mediaPlan(bot, action, extra)
    case 'prompt':
      return promptPlan(bot, { ...action, content: extra.prefix + action.content })
    default:
      return { steps: [action], main: 0 }
  }
}

/** True when a prompt is shown with the platform's own buttons. */
export function hasButtons({ options }: PromptAction, { limits }: Pick<PlatformBot, 'limits'>): boolean {
  return (
    options.length <= limits.promptButtons &&
    options.every(({ label }) => textLength(label, 'chars') <= limits.buttonLabel)
  )
}

function textPlan(bot: Renderer, content: string, step: (piece: string, n: number) => PlatformAction): Plan {
  const pieces = piecesOf(bot, content)
  return { steps: pieces.map(step), main: 0, ...(pieces.length > 1 && { rung: 'split' }) }
}

function piecesOf({ descriptor, limits }: Renderer, content: string): string[] {
  const pieces = splitText(content, limits.messageLength, descriptor.len_unit)
  return pieces.length > 0 ? pieces : ['']
}

/** A message stays one message: what an edit has too much of is not shown. */
function editPlan({ descriptor, limits }: Renderer, action: Extract<Doable, { op: 'edit' }>): Plan {
  const content = cutText(action.content, limits.messageLength, descriptor.len_unit)
  const isCut = content !== action.content
  return { steps: [{ ...action, content }], main: 0, ...(isCut && { rung: 'cut' }) }
}

/** A caption that does not fit comes as text behind its file. */
function mediaPlan(bot: Renderer, action: SendMediaAction, { prefix, file }: Extra): Plan {
  const { descriptor, limits } = bot
  if (!file) throw new Error('send_media needs its file')
  const caption = action.content === '' ? '' : prefix + action.content
  const fits = textLength(caption, descriptor.len_unit) <= limits.captionLength
  const media = { ...action, content: fits ? caption : '', file }
  if (fits) return { steps: [media], main: 0 }
  const { chat_id, metadata } = action
  const texts = piecesOf(bot, caption).map((content): PlatformAction => {
    return { op: 'send', chat_id, content, reply_to: null, ...(metadata && { metadata }) }
  })
  return { steps: [media, ...texts], main: 0, rung: 'split' }
}

/** Everything that a person is asked to agree to is shown: what is too long comes before, and the controls come last. */
function promptPlan(bot: Renderer, action: PromptAction): Plan {
  const { chat_id, metadata, reply_to = null } = action
  const isNative = hasButtons(action, bot)
  const pieces = piecesOf(bot, isNative ? action.content : asText(action))
  const main = pieces.length - 1
  const steps = pieces.map((content, n): PlatformAction => {
    if (isNative && n === main) return { ...action, content, controls: controlsOf(action) }
    return {
      op: 'send',
      chat_id,
      content,
      reply_to: n === 0 ? reply_to : null,
      ...(metadata && { metadata }),
    }
  })
  const rung = isNative ? (main > 0 ? 'split' : undefined) : 'text'
  return { steps, main, ...(rung && { rung }) }
}

function controlsOf({ prompt_id, options }: PromptAction): PromptControl[] {
  // The check has refused ids that no token can carry.
  return options.map((option) => ({ ...option, token: promptToken(prompt_id, option.id) ?? '' }))
}

function asText({ content, options }: PromptAction): string {
  const lines = options.map(({ label }, n) => `${n + 1}. ${label}`)
  return `${content}\n\n${lines.join('\n')}\n\nAnswer with a number.`
}
