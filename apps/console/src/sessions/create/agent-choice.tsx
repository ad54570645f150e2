import type { AgentTemplate } from '@parley/sessions/protocol'
import { useId } from 'react'

type AgentChoiceProps = {
  templates: readonly AgentTemplate[]
  chosen: string | undefined
  onChoose: (id: string) => void
}

/** Which agent. */
export function AgentChoice({ templates, chosen, onChoose }: AgentChoiceProps) {
  const name = useId()
  return (
    <fieldset>
      <legend className="label mb-1.5">Agent</legend>
      <div className="grid gap-2 sm:grid-cols-2">
        {templates.map((template) => (
          <label key={template.id} className="agent-choice">
            <input
              type="radio"
              className="sr-only"
              name={name}
              checked={template.id === chosen}
              onChange={() => onChoose(template.id)}
            />
            <span className="block truncate text-sm font-medium">{template.name}</span>
            <span className="hint block truncate font-mono text-xs" title={commandOf(template)}>
              {shortCommandOf(template)}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}

export const commandOf = ({ spawn }: Pick<AgentTemplate, 'spawn'>): string =>
  [spawn.command, ...spawn.args].join(' ')

/** Without the directories of programs, which say little and are long. */
const shortCommandOf = ({ spawn }: Pick<AgentTemplate, 'spawn'>): string =>
  [spawn.command, ...spawn.args]
    .map((part) => (part.startsWith('/') ? part.split('/').at(-1) : part))
    .join(' ')
