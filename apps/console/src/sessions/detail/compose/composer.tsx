import type { SessionSnapshot } from '@parley/sessions/client'
import { useMutation } from '@tanstack/react-query'
import { type KeyboardEvent, useId, useRef, useState } from 'react'
import { SendIcon, StopIcon } from '../../../ui/icons.js'
import { ProblemNotice } from '../../../ui/problem-notice.js'
import { told } from '../../client/problems.js'
import { suggestions } from '../../model/commands.js'
import { useLive } from '../session-context.js'
import { CommandList } from './command-list.js'
import { Switches } from './switches.js'

/** Where one writes. While a turn runs, what is sent waits for it. */
export function Composer({ state }: { state: SessionSnapshot }) {
  const { isProcessing, commands, status } = state
  const live = useLive()
  const listId = useId()
  const area = useRef<HTMLTextAreaElement>(null)
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const [isClosed, setIsClosed] = useState(false)
  const stop = useMutation({ mutationFn: () => told(live.cancel()) })

  const offered = isClosed ? [] : suggestions(text, commands)
  const chosen = offered[Math.min(at, offered.length - 1)]
  const canSend = text.trim() !== '' && status !== 'refused'
  const send = () => {
    if (!canSend) return
    // A refusal is shown where the prompt stands.
    live.prompt(text.trim()).catch(() => undefined)
    write('')
  }
  const write = (next: string) => {
    setText(next)
    setAt(0)
    setIsClosed(false)
  }
  const pick = (name: string) => {
    write(`/${name} `)
    area.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    // Whoever writes with an input method confirms words with Enter.
    if (event.nativeEvent.isComposing) return
    if (chosen && onListKey(event)) return
    if (event.key !== 'Enter' || event.shiftKey) return
    event.preventDefault()
    send()
  }
  const onListKey = (event: KeyboardEvent): boolean => {
    const act = event.shiftKey ? undefined : listKeys[event.key]
    if (!act || !chosen) return false
    event.preventDefault()
    if (act === 'pick') pick(chosen.name)
    else if (act === 'close') setIsClosed(true)
    else setAt((Math.min(at, offered.length - 1) + act + offered.length) % offered.length)
    return true
  }
  return (
    <div className="composer">
      {offered.length > 0 && chosen && (
        <CommandList id={listId} commands={offered} chosen={chosen} onPick={pick} />
      )}
      <textarea
        ref={area}
        rows={1}
        value={text}
        aria-label="Prompt"
        placeholder={isProcessing ? 'Write the next prompt…' : 'Tell the agent what to do…'}
        enterKeyHint="send"
        aria-autocomplete="list"
        aria-controls={offered.length > 0 ? listId : undefined}
        aria-activedescendant={chosen && `${listId}-${chosen.name}`}
        onChange={(event) => write(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <div className="composer-bar">
        <Switches state={state} />
        <div className="ml-auto flex gap-1.5">
          {isProcessing && (
            <button
              type="button"
              className="btn composer-stop max-sm:px-2"
              disabled={stop.isPending}
              onClick={() => stop.mutate()}
            >
              <StopIcon />
              <span className="max-sm:sr-only">Stop</span>
            </button>
          )}
          <button type="button" className="btn btn-primary max-sm:px-2" disabled={!canSend} onClick={send}>
            <SendIcon />
            <span className="max-sm:sr-only">{isProcessing ? 'Queue' : 'Send'}</span>
          </button>
        </div>
      </div>
      {stop.error && <ProblemNotice error={stop.error} />}
    </div>
  )
}

const listKeys: Readonly<Record<string, 'pick' | 'close' | 1 | -1>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  Enter: 'pick',
  Tab: 'pick',
  Escape: 'close',
}
