import { Dialog } from '@base-ui/react/dialog'
import type { BotIdentity, BotView, SimWorld } from '@parley/relay/protocol'
import { useState } from 'react'
import { BackLink } from '../../ui/back-link.js'
import { ConnectionBadge } from '../../ui/connection-badge.js'
import { CloseIcon, PanelIcon } from '../../ui/icons.js'
import { useTitle } from '../../ui/page-header.js'
import { useRelayLive } from '../live/use-relay-live.js'
import { botName, botTitle } from '../model/bot.js'
import { HealthBadge } from '../platforms/health-badge.js'
import { Nobody } from './nobody.js'
import { SimPanel } from './sim-panel.js'
import { Talk } from './talk.js'

type SimulatorProps = { bot: BotIdentity; view: BotView | undefined; world: SimWorld }

/** The conversation, with everything else of the platform at its side; on narrow screens that is behind a button. */
export function Simulator({ bot, view, world }: SimulatorProps) {
  const connection = useRelayLive()
  const title = view ? botTitle(view) : botName(bot)
  useTitle(`${title} · Simulator`)
  const [chosen, setChosen] = useState('')
  const chat = world.chats.find(({ id }) => id === chosen) ?? world.chats[0]
  const panel = <SimPanel bot={bot} world={world} chatId={chat?.id ?? ''} onChoose={setChosen} />
  return (
    <div className="room">
      <header className="min-w-0">
        <BackLink to="/simulator">Simulator</BackLink>
        <div className="flex items-start justify-between gap-3">
          <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1.5">
            <h1 className="line-clamp-2 min-w-0 [overflow-wrap:anywhere]">{title}</h1>
            <p className="flex min-w-0 flex-wrap items-center gap-1.5">
              <span className="badge max-w-full font-mono" title={botName(bot)}>
                <span className="truncate">{botName(bot)}</span>
              </span>
              {view && <HealthBadge bot={view} />}
              <ConnectionBadge connection={connection} />
            </p>
          </div>
          <Sheet>{panel}</Sheet>
        </div>
      </header>
      <div className="room-main">
        <div className="room-talk">
          {chat ? (
            <Talk bot={bot} title={title} world={world} chat={chat} onChoose={setChosen} />
          ) : (
            <Nobody bot={bot} onMade={setChosen} />
          )}
        </div>
        <aside aria-label="The platform" className="room-side max-lg:hidden">
          {panel}
        </aside>
      </div>
    </div>
  )
}

function Sheet({ children }: { children: React.ReactNode }) {
  return (
    <Dialog.Root>
      <Dialog.Trigger className="btn -my-1 shrink-0 px-2.5 lg:hidden">
        <PanelIcon />
        Platform
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Popup className="fixed inset-y-0 right-0 z-40 flex w-96 max-w-[92vw] flex-col border-l border-line bg-canvas">
          <div className="flex items-center justify-between border-b border-line bg-surface px-4 py-2">
            <Dialog.Title className="text-base">The platform</Dialog.Title>
            <Dialog.Close className="btn btn-quiet btn-icon -mr-1.5" aria-label="Close">
              <CloseIcon />
            </Dialog.Close>
          </div>
          <div className="flex-1 overflow-y-auto p-4">{children}</div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
