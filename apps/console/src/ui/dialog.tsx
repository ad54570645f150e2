import { AlertDialog } from '@base-ui/react/alert-dialog'
import { Dialog } from '@base-ui/react/dialog'
import type { ReactNode } from 'react'

const backdrop = 'fixed inset-0 z-40 bg-scrim'
const popup =
  'card fixed inset-x-4 top-1/2 z-50 mx-auto max-h-[calc(100dvh-2rem)] -translate-y-1/2 overflow-y-auto p-6 shadow-xl'

type DialogProps = {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  lead?: ReactNode
  /** `wide`: for forms with lists in them. Default `usual`. */
  size?: 'usual' | 'wide'
  children: ReactNode
}

const widths = { usual: 'max-w-md', wide: 'max-w-xl' }

/** A dialog that asks for something and can be left at any time. */
export function FormDialog({ open, onOpenChange, title, lead, size = 'usual', children }: DialogProps) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className={backdrop} />
        <Dialog.Popup className={`${popup} ${widths[size]}`}>
          <Dialog.Title className="text-lg">{title}</Dialog.Title>
          {lead && <Dialog.Description className="mt-1.5 text-sm text-soft">{lead}</Dialog.Description>}
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

/** A question before something that cannot be undone. A click beside it answers nothing. */
export function ConfirmDialog({ open, onOpenChange, title, lead, size = 'usual', children }: DialogProps) {
  return (
    <AlertDialog.Root open={open} onOpenChange={onOpenChange}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={backdrop} />
        <AlertDialog.Popup className={`${popup} ${widths[size]}`}>
          <AlertDialog.Title className="text-lg">{title}</AlertDialog.Title>
          {lead && (
            <AlertDialog.Description className="mt-1.5 text-sm text-soft">{lead}</AlertDialog.Description>
          )}
          {children}
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}

/** The row of buttons at the end of a dialog. */
export function DialogActions({ children }: { children: ReactNode }) {
  return <div className="mt-6 flex flex-wrap justify-end gap-2">{children}</div>
}
