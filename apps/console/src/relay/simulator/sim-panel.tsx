import type { BotIdentity, SimChat, SimWorld } from '@parley/relay/protocol'
import { Section } from '../../threads/detail/section.js'
import { chatTitle, groupChats } from '../model/sim.js'
import { Commands } from './commands.js'
import { Faults } from './faults.js'
import { NewChat } from './new-chat.js'
import { NewPerson } from './new-person.js'
import { EditScope } from './new-scope.js'

type SimPanelProps = {
  bot: BotIdentity
  world: SimWorld
  chatId: string
  onChoose: (chatId: string) => void
}

const quiet = 'btn btn-quiet min-h-8 px-2 text-[0.8125rem]'

/** Chats, people and scopes of the platform, and what goes wrong on it. */
export function SimPanel({ bot, world, chatId, onChoose }: SimPanelProps) {
  return (
    <div className="flex flex-col gap-4">
      <Section title="Chats" action={<NewChat bot={bot} world={world} onMade={onChoose} />}>
        <Chats world={world} chatId={chatId} onChoose={onChoose} />
      </Section>
      <Section
        title={`People (${world.users.length})`}
        action={<NewPerson bot={bot} label="New" name="New person" className={quiet} onMade={onChoose} />}
      >
        <People world={world} />
      </Section>
      <Section title="Scopes" action={<EditScope bot={bot} world={world} />}>
        <Scopes bot={bot} world={world} />
      </Section>
      {world.commands.length > 0 && <Commands world={world} />}
      <Faults bot={bot} faults={world.faults} />
    </div>
  )
}

function Chats({ world, chatId, onChoose }: Omit<SimPanelProps, 'bot'>) {
  const groups = groupChats(world)
  if (groups.length === 0) return <p className="hint px-4 py-3">None yet.</p>
  return groups.map(({ title, chats }) => (
    <div key={title} className="py-1.5">
      <p className="hint px-4 py-1 text-xs font-medium">{title}</p>
      <ul>
        {chats.map((chat) => (
          <li key={chat.id}>
            <ChatButton chat={chat} isShown={chat.id === chatId} choose={() => onChoose(chat.id)} />
          </li>
        ))}
      </ul>
    </div>
  ))
}

function ChatButton({ chat, isShown, choose }: { chat: SimChat; isShown: boolean; choose: () => void }) {
  return (
    <button
      type="button"
      data-testid="sim-chat"
      aria-current={isShown}
      title={chat.id}
      className={`block min-h-8 w-full truncate py-1 pr-3 text-left hover:bg-sunken aria-[current=true]:bg-accent-wash aria-[current=true]:text-accent ${chat.parentId === null ? 'pl-4' : 'pl-7'}`}
      onClick={choose}
    >
      {chatTitle(chat)}
    </button>
  )
}

function People({ world: { users } }: { world: SimWorld }) {
  if (users.length === 0) return <p className="hint px-4 py-3">Nobody yet.</p>
  return (
    <ul className="divide-y divide-line">
      {users.map(({ id, name, isBot }) => (
        <li key={id} data-testid="sim-user" className="flex items-center gap-2 px-4 py-2">
          <span className="min-w-0 truncate font-medium">{name}</span>
          {isBot && <span className="badge badge-agent">bot</span>}
          <span className="hint ml-auto truncate font-mono text-xs" title={id}>
            {id}
          </span>
        </li>
      ))}
    </ul>
  )
}

function Scopes({ bot, world }: { bot: BotIdentity; world: SimWorld }) {
  if (world.scopes.length === 0) return <p className="hint px-4 py-3">None yet.</p>
  return (
    <ul className="divide-y divide-line">
      {world.scopes.map((scope) => (
        <li key={scope.id} data-testid="sim-scope" className="flex items-center gap-2 py-1.5 pr-2 pl-4">
          <span className="min-w-0 flex-1">
            <span className="block truncate font-medium">{scope.name}</span>
            <span className="hint block truncate">
              {scope.members.length === 1 ? '1 member' : `${scope.members.length} members`} ·{' '}
              <span className="font-mono text-xs">{scope.id}</span>
            </span>
          </span>
          <EditScope bot={bot} world={world} scope={scope} />
        </li>
      ))}
    </ul>
  )
}
