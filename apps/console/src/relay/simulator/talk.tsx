import type { BotIdentity, SimChat, SimMessage, SimWorld } from '@parley/relay/protocol'
import { useState } from 'react'
import { ProblemNotice } from '../../ui/problem-notice.js'
import { faultWords, writersOf } from '../model/sim.js'
import { Composer } from './composer.js'
import { Messages } from './messages.js'
import { TalkHead } from './talk-head.js'
import { useMessages, useSimAction } from './use-sim.js'

type TalkProps = {
  bot: BotIdentity
  /** What the bot is called. */
  title: string
  world: SimWorld
  chat: SimChat
  onChoose: (chatId: string) => void
}

/** One chat, seen and written in as one of its people. */
export function Talk({ bot, title, world, chat, onChoose }: TalkProps) {
  const [as, setAs] = useState('')
  const [replyTo, setReplyTo] = useState<SimMessage | undefined>(undefined)
  const writers = writersOf(chat, world.users)
  const writer = writers.find(({ id }) => id === as) ?? writers[0]
  const messages = useMessages(bot, chat.id)
  const press = useSimAction(bot)
  const isTyping = world.typing.some(({ chatId }) => chatId === chat.id)
  const faults = faultWords(world.faults)
  return (
    <section aria-label="Conversation" className="card sim-talk">
      <TalkHead
        world={world}
        chat={chat}
        writers={writers}
        writerId={writer?.id ?? ''}
        onChat={(id) => {
          setReplyTo(undefined)
          onChoose(id)
        }}
        onWriter={setAs}
      />
      {faults.length > 0 && (
        <p role="status" data-testid="fault-words" className="sim-faults">
          On purpose: {faults.join(', ')}.
        </p>
      )}
      {messages.error && <ProblemNotice error={messages.error} retry={() => void messages.refetch()} />}
      <Messages
        key={chat.id}
        messages={messages.data ?? []}
        isLoading={messages.isPending}
        users={world.users}
        botTitle={title}
        writerId={writer?.id}
        isTyping={isTyping}
        isBusy={press.isPending}
        onReply={setReplyTo}
        onPress={(message, optionId) =>
          writer &&
          press.mutate((sim) =>
            sim.press({ userId: writer.id, chatId: message.chatId, messageId: message.id, optionId }),
          )
        }
      />
      {press.error && <ProblemNotice error={press.error} />}
      <Composer
        key={`composer-${chat.id}`}
        bot={bot}
        world={world}
        chat={chat}
        writer={writer}
        replyTo={replyTo?.chatId === chat.id ? replyTo : undefined}
        onReplied={() => setReplyTo(undefined)}
      />
    </section>
  )
}
