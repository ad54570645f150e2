import { CopyButton } from '../ui/copy-button.js'
import { DialogActions } from '../ui/dialog.js'

/** A secret, for the only time. */
export function ShowSecret({ secret, onDone }: { secret: string; onDone: () => void }) {
  return (
    <>
      <output data-testid="secret" className="code-block mt-4 block break-all select-all">
        {secret}
      </output>
      <DialogActions>
        <CopyButton text={secret} label="Copy secret" className="btn btn-primary" />
        <button type="button" className="btn" onClick={onDone}>
          Done
        </button>
      </DialogActions>
    </>
  )
}
