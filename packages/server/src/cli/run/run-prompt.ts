import type { LiveSession, SessionSnapshot, TurnItem } from '@parley/sessions/client'
import type { Ask } from './ask.js'
import type { Printer } from './printer.js'

type Options = {
  session: LiveSession
  printer: Printer
  ask: Ask
  /** Told of failures that leave the turn going, such as an answer that came too late. */
  onFault(error: unknown): void
}

/** Sends a prompt and follows its turn to the end. Resolves with how it ended; `ended` when the session did. */
export async function runPrompt(text: string, options: Options): Promise<TurnItem | 'ended'> {
  const { session, printer } = options
  const questions = new Questions(options)
  const turn = new Promise<TurnItem | 'ended'>((resolve, reject) => {
    const look = () => {
      const state = session.getState()
      printer.show(state.timeline)
      questions.update(state)
      const end = endOf(state)
      if (end) resolve(end)
      if (state.status === 'refused') reject(state.error ?? new Error('refused'))
    }
    session.subscribe(look)
    look()
  })
  try {
    const [end] = await Promise.all([turn, session.prompt(text)])
    return end
  } finally {
    questions.close()
    printer.endLine()
  }
}

function endOf({ timeline, status }: SessionSnapshot): TurnItem | 'ended' | undefined {
  const turn = timeline.findLast((item) => item.kind === 'turn')
  if (turn) return turn
  return status === 'ended' || status === 'gone' ? 'ended' : undefined
}

/** Asks one open question after the other, and forgets those that somebody else answers. */
class Questions {
  readonly #options: Options
  readonly #asked = new Map<string, AbortController>()
  #turn: Promise<void> = Promise.resolve()

  constructor(options: Options) {
    this.#options = options
  }

  update({ pendingPermissions }: SessionSnapshot): void {
    const open = new Set(pendingPermissions.map(({ requestId }) => requestId))
    for (const [id, controller] of this.#asked) if (!open.has(id)) controller.abort()
    for (const question of pendingPermissions) {
      if (this.#asked.has(question.requestId)) continue
      const controller = new AbortController()
      this.#asked.set(question.requestId, controller)
      this.#turn = this.#turn.then(() => this.#ask(question, controller.signal))
    }
  }

  close(): void {
    for (const controller of this.#asked.values()) controller.abort()
  }

  async #ask(question: SessionSnapshot['pendingPermissions'][number], signal: AbortSignal): Promise<void> {
    const { session, printer, ask, onFault } = this.#options
    if (signal.aborted) return
    printer.endLine()
    try {
      const answer = await ask(question, signal)
      if (answer && !signal.aborted) await session.respond(question.requestId, answer)
    } catch (error) {
      onFault(error)
    }
  }
}
