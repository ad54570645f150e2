import { useId, useState } from 'react'
import { DialogForm } from '../../ui/dialog-form.js'
import { ProblemNotice } from '../../ui/problem-notice.js'
import { AgentChoice } from './agent-choice.js'
import type { NewSession } from './create-session.js'
import { DirectoryField } from './directory-field.js'
import { instancesFor, useRuntimes, useTemplates } from './use-offers.js'
import { chosenWorktree, noWorktree, type WorktreeChoice, WorktreeField } from './worktree.js'

type NewSessionFormProps = {
  pending: boolean
  error: unknown
  submit: (wanted: NewSession) => void
  cancel: () => void
}

/** Which agent works where, and on what. */
export function NewSessionForm({ pending, error, submit, cancel }: NewSessionFormProps) {
  const templates = useTemplates()
  const runtimes = useRuntimes()
  const [templateId, setTemplateId] = useState<string | undefined>(undefined)
  const [wantedInstance, setWantedInstance] = useState<string | undefined>(undefined)
  const [cwd, setCwd] = useState('')
  const [worktree, setWorktree] = useState<WorktreeChoice>(noWorktree)
  const [firstPrompt, setFirstPrompt] = useState('')

  const template = templates.data?.find(({ id }) => id === templateId) ?? templates.data?.[0]
  const instances = instancesFor(runtimes.data ?? [], template)
  const instance = instances.find(({ name }) => name === wantedInstance) ??
    instances[0] ?? { name: template?.runtime.provider ?? '' }
  const send = () => {
    if (!template) return
    submit({
      agentTemplateId: template.id,
      instance: instance.name,
      firstPrompt,
      ...chosenWorktree(cwd, worktree),
      onWorktree: (path) => setWorktree({ kind: 'existing', path }),
    })
  }
  const failure = templates.error ?? runtimes.error
  return (
    <DialogForm
      action={pending ? 'Starting…' : 'Start session'}
      pending={pending || !template}
      error={error}
      send={send}
      cancel={cancel}
    >
      {failure && <ProblemNotice error={failure} />}
      <AgentChoice templates={templates.data ?? []} chosen={template?.id} onChoose={setTemplateId} />
      {instances.length > 1 && (
        <InstanceChoice
          names={instances.map(({ name }) => name)}
          chosen={instance.name}
          onChoose={(name) => {
            setWantedInstance(name)
            setCwd('')
          }}
        />
      )}
      <DirectoryField
        instance={instance.name}
        value={cwd}
        onChange={(path) => {
          setCwd(path)
          setWorktree(noWorktree)
        }}
      />
      <WorktreeField instance={instance.name} directory={cwd} choice={worktree} onChoose={setWorktree} />
      <FirstPrompt value={firstPrompt} onChange={setFirstPrompt} send={send} />
    </DialogForm>
  )
}

type InstanceChoiceProps = { names: readonly string[]; chosen: string; onChoose: (name: string) => void }

function InstanceChoice({ names, chosen, onChoose }: InstanceChoiceProps) {
  const id = useId()
  return (
    <div>
      <label htmlFor={id} className="label">
        Where
      </label>
      <select
        id={id}
        className="input mt-1.5"
        value={chosen}
        onChange={({ target }) => onChoose(target.value)}
      >
        {names.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </div>
  )
}

type FirstPromptProps = { value: string; onChange: (text: string) => void; send: () => void }

function FirstPrompt({ value, onChange, send }: FirstPromptProps) {
  const id = useId()
  return (
    <div>
      <label htmlFor={id} className="label">
        First prompt <span className="font-normal text-soft">(optional)</span>
      </label>
      <textarea
        id={id}
        className="input field-sizing-content mt-1.5 max-h-48 min-h-20 resize-none"
        placeholder="Fix the failing test in …"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return
          event.preventDefault()
          send()
        }}
      />
    </div>
  )
}
