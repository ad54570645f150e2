import { useId, useState } from 'react'
import { DirectoryList } from './directory-list.js'

type DirectoryFieldProps = { instance: string; value: string; onChange: (path: string) => void }

/** Where the agent works: written, or picked from what is there. */
export function DirectoryField({ instance, value, onChange }: DirectoryFieldProps) {
  const id = useId()
  const [isOpen, setIsOpen] = useState(false)
  return (
    <div>
      <label htmlFor={id} className="label">
        Directory
      </label>
      <div className="mt-1.5 flex gap-2">
        <input
          id={id}
          className="input min-w-0 font-mono text-sm!"
          value={value}
          placeholder="The runtime’s own directory"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          onChange={(event) => onChange(event.target.value)}
        />
        <button
          type="button"
          className="btn min-h-10 shrink-0"
          aria-expanded={isOpen}
          onClick={() => setIsOpen(!isOpen)}
        >
          {isOpen ? 'Done' : 'Browse'}
        </button>
      </div>
      {isOpen && <DirectoryList instance={instance} path={value} onPick={onChange} />}
    </div>
  )
}
