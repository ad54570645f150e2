import { CopyButton } from './copy-button.js'
import { DialogActions } from './dialog.js'

type ShowSecretProps = {
  secret: string
  /** What it is called on the button. */
  noun: 'key' | 'secret'
  testId: string
  onDone: () => void
}

/** A secret, for the only time. */
export function ShowSecret({ secret, noun, testId, onDone }: ShowSecretProps) {
  return (
    <>
      <output data-testid={testId} className="code-block mt-4 block break-all select-all">
        {secret}
      </output>
      <DialogActions>
        <CopyButton text={secret} label={`Copy ${noun}`} className="btn btn-primary" />
        <button type="button" className="btn" onClick={onDone}>
          Done
        </button>
      </DialogActions>
    </>
  )
}
