import { type FormEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { useConnection } from '../hooks/use-connection.js'
import { composerKey } from './composer-keys.js'
import { MentionList, optionId } from './mention-list.js'
import { withMention } from './mentions.js'
import { useThreadSettings, useThreadSnapshot } from './thread-context.js'
import { useMentions } from './use-mentions.js'

/** Where a message is written. Enter sends, Shift+Enter breaks the line, `@` offers the members. */
export function Composer() {
  const { labels, actions } = useThreadSettings()
  const { status } = useThreadSnapshot()
  const { area, text, mentions, write, pick, clear } = useDraft()
  const listId = useId()
  const whyId = useId()
  const isLive = status === 'live'
  const isOffering = mentions.offered.length > 0

  const send = (): void => {
    const content = text.trim()
    if (!isLive || content === '') return
    const recipients = mentions.recipients(content)
    // One that fails stays in the timeline, where it can be sent again.
    actions.send(content, recipients.length > 0 ? { recipients } : {}).catch(() => {})
    clear()
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    const act = composerKey(event, isOffering)
    if (!act) return
    event.preventDefault()
    const member = mentions.offered[mentions.active]
    if (act === 'pick' && member) pick(member)
    else if (act === 'send') send()
    else if (act === 'close') mentions.close()
    else mentions.move(act === 'next' ? 1 : -1)
  }
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault()
    send()
  }

  return (
    <form data-parley-composer={isLive ? 'ready' : 'waiting'} onSubmit={onSubmit}>
      {isOffering && <MentionList id={listId} mentions={mentions} onPick={pick} />}
      <textarea
        ref={area}
        aria-label={labels.composer}
        placeholder={labels.placeholder}
        value={text}
        // What is written stays through a lost connection, and can be gone on with.
        disabled={status === 'gone' || status === 'refused'}
        aria-autocomplete="list"
        aria-controls={isOffering ? listId : undefined}
        aria-activedescendant={isOffering ? optionId(listId, mentions.active) : undefined}
        aria-describedby={isLive ? undefined : whyId}
        onChange={(event) => write(event.target.value, event.target.selectionStart)}
        onKeyDown={onKeyDown}
        onBlur={mentions.close}
      />
      <button type="submit" data-parley-send="" disabled={!isLive || text.trim() === ''}>
        {labels.send}
      </button>
      {!isLive && <Why id={whyId} />}
    </form>
  )
}

/** Why nothing can be sent. */
function Why({ id }: { id: string }) {
  const { labels } = useThreadSettings()
  const { status } = useThreadSnapshot()
  const connection = useConnection()
  return (
    <p id={id} data-parley-why="">
      {status === 'gone' ? labels.gone : labels.cannotSend(connection)}
    </p>
  )
}

/** The text that is being written, with its mentions. */
function useDraft() {
  const { actions } = useThreadSettings()
  const area = useRef<HTMLTextAreaElement>(null)
  const [text, setText] = useState('')
  const [caret, setCaret] = useState<number | undefined>(undefined)
  const mentions = useMentions()

  // The caret can be set once the new text is in the element.
  useEffect(() => {
    if (caret === undefined) return
    area.current?.setSelectionRange(caret, caret)
    setCaret(undefined)
  }, [caret])

  return {
    area,
    text,
    mentions,
    write(value: string, at: number): void {
      setText(value)
      mentions.follow(value, at)
      if (value !== '') actions.setTyping()
    },
    pick(member: Parameters<typeof mentions.pick>[0]): void {
      if (!mentions.open) return
      const changed = withMention(text, mentions.open, mentions.pick(member).name)
      setText(changed.text)
      setCaret(changed.caret)
    },
    clear(): void {
      setText('')
      mentions.reset()
    },
  }
}
