import { Thread } from '@parley/react'
import type { ThreadMember } from '@parley/threads/protocol'
import type { RefObject } from 'react'
import { Answering } from './answering.js'

type ConversationProps = {
  members: readonly ThreadMember[]
  recipients: RefObject<readonly string[]>
  /** Present when the room could not be opened, or was closed. */
  openAgain: (() => void) | undefined
}

/** What was said, who is at it, and where one writes. */
export function Conversation({ members, recipients, openAgain }: ConversationProps) {
  return (
    <div className="conversation card">
      <div className="conversation-status">
        <Thread.Status />
        {openAgain && (
          <button type="button" className="btn" onClick={openAgain}>
            Try again
          </button>
        )}
      </div>
      <Thread.Timeline />
      <div className="conversation-now">
        <Thread.Typing />
        <Thread.Runs />
      </div>
      <footer className="conversation-foot">
        <Answering members={members} recipients={recipients} />
        <Thread.Composer />
      </footer>
    </div>
  )
}
