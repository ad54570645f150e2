import { CopyButton } from '../../ui/copy-button.js'
import { DialogActions } from '../../ui/dialog.js'

type ShowLinesProps = {
  lines: readonly string[]
  testId: string
  /** What they do not say. */
  note?: string
  onDone: () => void
}

/** Lines that are shown this once, to be copied. */
export function ShowLines({ lines, testId, note, onDone }: ShowLinesProps) {
  const text = lines.join('\n')
  return (
    <>
      <output
        data-testid={testId}
        className="code-block mt-4 block max-h-80 whitespace-pre-wrap break-all select-all"
      >
        {text}
      </output>
      {note && <p className="notice mt-3">{note}</p>}
      <DialogActions>
        <CopyButton text={`${text}\n`} label="Copy all" className="btn btn-primary" />
        <button type="button" className="btn" onClick={onDone}>
          Done
        </button>
      </DialogActions>
    </>
  )
}
