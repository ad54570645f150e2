import { Dialog } from '@base-ui/react/dialog'
import type { ReactNode } from 'react'
import { BackLink } from '../../ui/back-link.js'
import { CloseIcon, PanelIcon } from '../../ui/icons.js'
import { useTitle } from '../../ui/page-header.js'
import { readTitle, titleOf } from '../model/room.js'
import { TenantChips } from '../tenant-chips.js'
import { RoomPanel } from './room-panel.js'
import type { RoomView } from './room-view.js'

/** The conversation with what belongs to it at its side; on narrow screens that is behind a button. */
export function RoomFrame({
  view,
  badge,
  children,
}: {
  view: RoomView
  badge?: ReactNode
  children: ReactNode
}) {
  const { id, tenant, metadata } = view.thread
  const title = titleOf({ id, title: readTitle(metadata) })
  useTitle(title)
  return (
    <div className="room">
      <header className="min-w-0">
        <BackLink to="/threads">Rooms</BackLink>
        <div className="flex items-start justify-between gap-3">
          <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1.5">
            <h1 className="line-clamp-2 min-w-0 [overflow-wrap:anywhere]" title={title}>
              {title}
            </h1>
            <p className="flex min-w-0 flex-wrap gap-1.5">
              <TenantChips tenant={tenant} />
              {badge}
            </p>
          </div>
          <PanelSheet view={view} />
        </div>
      </header>
      <div className="room-main">
        <div className="room-talk">{children}</div>
        <aside aria-label="About this room" className="room-side max-lg:hidden">
          <RoomPanel view={view} />
        </aside>
      </div>
    </div>
  )
}

function PanelSheet({ view }: { view: RoomView }) {
  return (
    <Dialog.Root>
      <Dialog.Trigger className="btn -my-1 shrink-0 px-2.5 lg:hidden">
        <PanelIcon />
        About
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Popup className="fixed inset-y-0 right-0 z-40 flex w-96 max-w-[92vw] flex-col border-l border-line bg-canvas">
          <div className="flex items-center justify-between border-b border-line bg-surface px-4 py-2">
            <Dialog.Title className="text-base">About this room</Dialog.Title>
            <Dialog.Close className="btn btn-quiet btn-icon -mr-1.5" aria-label="Close">
              <CloseIcon />
            </Dialog.Close>
          </div>
          <div className="flex-1 overflow-y-auto p-4">
            <RoomPanel view={view} />
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
