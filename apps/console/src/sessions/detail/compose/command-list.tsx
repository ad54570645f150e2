import type { SessionCommand } from '@parley/sessions/protocol'

type CommandListProps = {
  id: string
  commands: readonly SessionCommand[]
  chosen: SessionCommand
  onPick: (name: string) => void
}

/** What the agent offers for what is being written. The focus stays in the text. */
export function CommandList({ id, commands, chosen, onPick }: CommandListProps) {
  return (
    <div id={id} role="listbox" aria-label="Commands" className="command-list">
      {commands.map((command) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the text
        // biome-ignore lint/a11y/useFocusableInteractive: see above
        <div
          key={command.name}
          id={`${id}-${command.name}`}
          role="option"
          aria-selected={command === chosen}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onPick(command.name)}
        >
          <span className="font-mono">/{command.name}</span>
          <span className="min-w-0 truncate text-soft">{command.description}</span>
        </div>
      ))}
    </div>
  )
}
