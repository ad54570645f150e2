import { isBlank } from '../json.js'
import type { SessionInfo } from '../messages.js'
import { addressesOf } from './address.js'
import { toLine, toQuote } from './plain-line.js'
import { chinesePrompt, englishPrompt, type PromptFacts } from './templates.js'

/** Languages of a prompt. */
export type PromptLanguage = 'en' | 'zh'

/** The session a prompt opens. */
export type PromptSession = { sessionId: string; token: string; mode?: string | null; expiresIn: number }

/** What a prompt is built from. */
export type PromptOptions = {
  session: PromptSession
  /** Where the server is reached, such as `https://example.com`. */
  baseUrl: string
  /** Default `/handshake`. */
  prefix?: string
  /** What the assistant should know or do, in the service's words. Quoted line by line. */
  instructions?: string
  /** Default `en`. */
  language?: PromptLanguage
  /** Name of the service, in the heading. */
  serviceName?: string
  /** Replaces the heading. */
  title?: string
  /** Name of a skill the assistant may know. */
  skillName?: string
}

/**
 * Builds the text that a person pastes into an assistant. The credentials come before everything that a user
 * or a form can influence, and no interpolated text can begin a line. Throws a `TypeError` when `baseUrl` is
 * not an http(s) address.
 */
export function buildPrompt(options: PromptOptions): string {
  const facts = toFacts(options)
  return options.language === 'zh' ? chinesePrompt(facts) : englishPrompt(facts)
}

function toFacts(options: PromptOptions): PromptFacts {
  const { session, baseUrl, prefix = '/handshake', instructions } = options
  return {
    title: toLine(options.title ?? defaultTitle(options)),
    sessionId: toLine(session.sessionId),
    token: toLine(session.token),
    mode: toLine(session.mode ?? ''),
    expiresIn: Math.floor(session.expiresIn),
    skill: toLine(options.skillName ?? ''),
    instructions: isBlank(instructions?.trim()) ? undefined : toQuote(instructions ?? ''),
    urls: addressesOf(baseUrl, prefix, session.sessionId),
  }
}

function defaultTitle({ language, serviceName, session }: PromptOptions): string {
  const name = language === 'zh' ? '握手提示词' : 'Handshake Prompt'
  const subject = [serviceName, session.mode].filter(Boolean).join(' ')
  return subject === '' ? name : `${name} - ${subject}`
}

/** What a page may say in its prompt. */
export type PagePromptOptions = {
  /** Heading. Default `Handshake Prompt`. */
  title?: string
  customInstructions?: string
  skillName?: string
  language?: PromptLanguage
  /** Adds a line with the mode. */
  mode?: string
}

/** Builds the prompt of a session in its page, from the answer of creating it. Throws like `buildPrompt`. */
export function buildHandshakePrompt(
  session: Pick<SessionInfo, 'sessionId' | 'token' | 'expiresIn' | 'contextUrl'>,
  baseUrl: string,
  options: PagePromptOptions = {},
): string {
  const { title = 'Handshake Prompt', customInstructions, skillName, language, mode } = options
  return buildPrompt({
    session: { ...session, mode },
    baseUrl,
    prefix: prefixOf(session),
    title,
    instructions: customInstructions,
    skillName,
    language,
  })
}

/** The prefix of the server's routes, as the addresses it handed out show it. */
function prefixOf({ contextUrl, sessionId }: Pick<SessionInfo, 'contextUrl' | 'sessionId'>): string {
  const end = contextUrl.indexOf(`/context/${sessionId}`)
  return end < 0 ? '/handshake' : contextUrl.slice(0, end)
}
