import type { SimMessage, SimUser } from '@parley/relay/protocol'
import { useLayoutEffect, useRef } from 'react'
import { Bubble } from './bubble.js'

type MessagesProps = {
  messages: readonly SimMessage[]
  isLoading: boolean
  users: readonly SimUser[]
  botTitle: string
  /** Whose messages stand at the right. */
  writerId: string | undefined
  isTyping: boolean
  /** A press is under way. */
  isBusy: boolean
  onReply: (message: SimMessage) => void
  onPress: (message: SimMessage, optionId: string) => void
}

/** Pixels from the end that still count as the end. */
const nearEnd = 64

/** The conversation, oldest first. It stays at its end while the reader is there. */
export function Messages({ messages, isLoading, isTyping, ...of }: MessagesProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const isAtEnd = useRef(true)
  const byId = new Map(messages.map((message) => [message.id, message]))
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever is new may have moved the end
  useLayoutEffect(() => {
    const { current } = scroller
    if (current && isAtEnd.current) current.scrollTop = current.scrollHeight
  }, [messages, isTyping])
  const onScroll = () => {
    const { current } = scroller
    if (current) isAtEnd.current = current.scrollHeight - current.scrollTop - current.clientHeight <= nearEnd
  }
  return (
    <div
      ref={scroller}
      className="sim-scroller"
      role="log"
      aria-label="Messages"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard as well
      tabIndex={0}
      onScroll={onScroll}
    >
      {messages.length === 0 && !isLoading && (
        <p className="py-10 text-center text-sm text-soft">Nothing was said here yet.</p>
      )}
      <ol className="sim-messages">
        {messages.map((message) => (
          <Bubble
            key={message.id}
            message={message}
            replied={message.replyTo === null ? undefined : byId.get(message.replyTo)}
            {...of}
          />
        ))}
      </ol>
      {isTyping && (
        <p data-testid="typing" className="sim-typing">
          <span aria-hidden="true" className="sim-dots">
            <i />
            <i />
            <i />
          </span>
          {of.botTitle} is typing…
        </p>
      )}
    </div>
  )
}
