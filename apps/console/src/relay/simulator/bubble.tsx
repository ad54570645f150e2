import type { SimMessage, SimUser } from '@parley/relay/protocol'
import { Avatar } from '../../threads/avatar.js'
import { FileIcon } from '../../ui/icons.js'
import { LongText } from '../../ui/long-text.js'
import { Moment } from '../../ui/time.js'
import { fileSize } from '../model/words.js'
import { Buttons } from './buttons.js'
import { Reactions } from './reactions.js'

type BubbleProps = {
  message: SimMessage
  /** What it answers, where that is shown. */
  replied: SimMessage | undefined
  users: readonly SimUser[]
  botTitle: string
  writerId: string | undefined
  isBusy: boolean
  onReply: (message: SimMessage) => void
  onPress: (message: SimMessage, optionId: string) => void
}

/** One message. Those of whoever writes now stand at the right. */
export function Bubble({
  message,
  replied,
  users,
  botTitle,
  writerId,
  isBusy,
  onReply,
  onPress,
}: BubbleProps) {
  const { userId, text, isDeleted, isEdited, media, replyTo } = message
  const nameOf = (id: string | null) =>
    id === null ? botTitle : (users.find((user) => user.id === id)?.name ?? id)
  const name = nameOf(userId)
  const isOwn = userId !== null && userId === writerId
  return (
    <li
      data-testid="sim-message"
      data-by={userId === null ? 'bot' : 'person'}
      data-own={isOwn}
      className="sim-message"
    >
      {!isOwn && (
        <Avatar
          identity={{ id: userId ?? 'bot', name, role: userId === null ? 'assistant' : 'user', metadata: {} }}
        />
      )}
      <div className="sim-body">
        <p className="sim-by">
          <span className="font-semibold text-ink">{name}</span>
          <Moment iso={new Date(message.at).toISOString()} />
          {isEdited && !isDeleted && <span data-testid="edited">edited</span>}
          {!isDeleted && (
            <button type="button" className="sim-reply" onClick={() => onReply(message)}>
              Reply<span className="sr-only"> to {name}</span>
            </button>
          )}
        </p>
        <div className="sim-bubble">
          {replyTo !== null && !isDeleted && (
            <p className="sim-quote">
              <span className="font-medium">{replied ? nameOf(replied.userId) : 'An earlier message'}</span>
              {replied && <span className="line-clamp-2">{replied.text || 'deleted'}</span>}
            </p>
          )}
          {isDeleted ? <em className="text-soft">This message was deleted.</em> : <LongText text={text} />}
          {media.map(({ filename, mime, size }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: files of a message never move
            <p key={index} data-testid="file" className="sim-file" title={mime}>
              <FileIcon />
              <span className="min-w-0 truncate">{filename}</span>
              <span className="hint shrink-0">{fileSize(size)}</span>
            </p>
          ))}
        </div>
        <Buttons message={message} isDisabled={isBusy || !writerId} onPress={onPress} />
        <Reactions message={message} nameOf={(by) => users.find(({ id }) => id === by)?.name ?? botTitle} />
      </div>
    </li>
  )
}
