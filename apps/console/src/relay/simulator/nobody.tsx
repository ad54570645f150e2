import type { BotIdentity } from '@parley/relay/protocol'
import { EmptyState } from '../../ui/empty-state.js'
import { NewPerson } from './new-person.js'

/** A platform without anybody on it, and the way to the first one. */
export function Nobody({ bot, onMade }: { bot: BotIdentity; onMade: (chatId: string) => void }) {
  return (
    <EmptyState title="Nobody is on this platform yet.">
      <p>Add a person. They get a direct chat with the bot, in which you write for them.</p>
      <p className="mt-4">
        <NewPerson bot={bot} label="Add a person" className="btn btn-primary" onMade={onMade} />
      </p>
    </EmptyState>
  )
}
