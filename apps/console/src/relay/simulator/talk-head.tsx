import type { SimChat, SimUser, SimWorld } from '@parley/relay/protocol'
import { useId } from 'react'
import { chatTitle, groupChats } from '../model/sim.js'

type TalkHeadProps = {
  world: SimWorld
  chat: SimChat
  writers: readonly SimUser[]
  writerId: string
  onChat: (chatId: string) => void
  onWriter: (userId: string) => void
}

/** Which chat is shown, and as whom one writes in it. */
export function TalkHead({ world, chat, writers, writerId, onChat, onWriter }: TalkHeadProps) {
  const id = useId()
  return (
    <div className="sim-head">
      <label htmlFor={`${id}-chat`} className="sr-only">
        Chat
      </label>
      <select
        id={`${id}-chat`}
        className="input"
        value={chat.id}
        onChange={(event) => onChat(event.target.value)}
      >
        {groupChats(world).map(({ title, chats }) => (
          <optgroup key={title} label={title}>
            {chats.map((one) => (
              <option key={one.id} value={one.id}>
                {chatTitle(one)}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
      <label htmlFor={`${id}-as`} className="shrink-0 text-sm text-soft">
        as
      </label>
      <select
        id={`${id}-as`}
        className="input"
        aria-label="Write as"
        value={writerId}
        disabled={writers.length < 2}
        onChange={(event) => onWriter(event.target.value)}
      >
        {writers.length === 0 && <option value="">nobody</option>}
        {writers.map((user) => (
          <option key={user.id} value={user.id}>
            {user.name}
          </option>
        ))}
      </select>
    </div>
  )
}
