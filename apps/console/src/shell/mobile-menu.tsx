import { Dialog } from '@base-ui/react/dialog'
import { useState } from 'react'
import type { Me } from '../api/account.js'
import { CloseIcon, MenuIcon } from '../ui/icons.js'
import { Account } from './account.js'
import { Nav } from './nav.js'

/** The navigation of narrow screens: a sheet from the right. */
export function MobileMenu({ me }: { me: Me }) {
  const [open, setOpen] = useState(false)
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger className="btn btn-quiet btn-icon -mr-2" aria-label="Menu">
        <MenuIcon />
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Popup className="fixed inset-y-0 right-0 z-50 flex w-72 max-w-[85vw] flex-col gap-4 border-l border-line bg-surface p-4">
          <div className="flex items-center justify-between">
            <Dialog.Title className="px-3 text-sm text-soft">Menu</Dialog.Title>
            <Dialog.Close className="btn btn-quiet btn-icon" aria-label="Close menu">
              <CloseIcon />
            </Dialog.Close>
          </div>
          <div className="flex-1 overflow-y-auto">
            <Nav me={me} onNavigate={() => setOpen(false)} />
          </div>
          <Account me={me} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
