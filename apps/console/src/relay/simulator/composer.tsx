import type { BotIdentity, SimChat, SimMessage, SimUser, SimWorld } from '@parley/relay/protocol'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { CloseIcon, SendIcon } from '../../ui/icons.js'
import { ProblemNotice } from '../../ui/problem-notice.js'
import { commandIn } from '../model/sim.js'
import { useSimAction } from './use-sim.js'

type ComposerProps = {
  bot: BotIdentity
  world: SimWorld
  chat: SimChat
  /** Who writes; undefined: nobody can. */
  writer: SimUser | undefined
  replyTo: SimMessage | undefined
  onReplied: () => void
}

/** Where one writes. A command of the platform's own is typed like any text. */
export function Composer({ bot, world, chat, writer, replyTo, onReplied }: ComposerProps) {
  const [text, setText] = useState('')
  const id = useId()
  const area = useRef<HTMLTextAreaElement>(null)
  const act = useSimAction(bot)
  const canSend = text.trim() !== '' && writer !== undefined
  useEffect(() => {
    if (replyTo) area.current?.focus()
  }, [replyTo])

  const send = () => {
    if (!canSend) return
    const said = { userId: writer.id, chatId: chat.id }
    const command = commandIn(text, world.commands)
    const reply = replyTo && { replyTo: replyTo.id }
    // What could not be sent is there again, unless something else was written meanwhile.
    const back = () => setText((now) => now || text)
    act.mutate(
      (sim) =>
        command ? sim.command({ ...said, ...command }) : sim.say({ ...said, text: text.trim(), ...reply }),
      { onError: back },
    )
    setText('')
    onReplied()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    // Whoever writes with an input method confirms words with Enter.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    send()
  }
  return (
    <div className="sim-foot">
      {replyTo && (
        <p className="sim-replying">
          <span className="min-w-0 truncate">Reply to: {replyTo.text || 'a message'}</span>
          <button
            type="button"
            className="btn btn-quiet btn-icon -my-1 min-h-8 shrink-0"
            aria-label="Do not reply"
            onClick={onReplied}
          >
            <CloseIcon />
          </button>
        </p>
      )}
      {act.error && <ProblemNotice error={act.error} />}
      <div className="flex items-end gap-2">
        <textarea
          ref={area}
          rows={1}
          className="input field-sizing-content max-h-40 min-w-0 flex-1 resize-none"
          value={text}
          aria-label="Message"
          aria-describedby={`${id}-hint`}
          placeholder={writer ? `Write as ${writer.name}…` : 'Add a person first'}
          disabled={!writer}
          enterKeyHint="send"
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <button type="button" className="btn btn-primary min-h-10 px-3" disabled={!canSend} onClick={send}>
          <SendIcon />
          <span className="max-sm:sr-only">Send</span>
        </button>
      </div>
      <p id={`${id}-hint`} className="sr-only">
        Enter sends, Shift and Enter begins a line.
      </p>
    </div>
  )
}
