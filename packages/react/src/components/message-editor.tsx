import type { MessageItem } from '@parley/threads/client'
import type { ContentPart } from '@parley/threads/protocol'
import { type FormEvent, useState } from 'react'
import { useAction } from '../hooks/use-action.js'
import { Failure } from './failure.js'
import { useThreadSettings } from './thread-context.js'

/** Changes the texts of a message; its other parts stay as they are. */
export function MessageEditor({ item, onDone }: { item: MessageItem; onDone: () => void }) {
  const { labels, actions } = useThreadSettings()
  const [content, setContent] = useState<readonly ContentPart[]>(item.content)
  const save = useAction(() => actions.edit(item.event.id, content))

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (await save.run()) onDone()
  }
  const change = (index: number, text: string): void =>
    setContent((parts) => parts.map((part, at) => (at === index ? { type: 'text', text } : part)))

  return (
    <form data-parley-editor="" onSubmit={(event) => void submit(event)}>
      {content.map((part, index) =>
        part.type === 'text' ? (
          <textarea
            // The place in the message is what a part is known by.
            // biome-ignore lint/suspicious/noArrayIndexKey: parts are neither added nor moved here
            key={index}
            aria-label={labels.editText}
            value={part.text}
            onChange={(event) => change(index, event.target.value)}
          />
        ) : null,
      )}
      <button type="submit" data-parley-save="" disabled={save.isBusy}>
        {labels.save}
      </button>
      <button type="button" data-parley-cancel="" disabled={save.isBusy} onClick={onDone}>
        {labels.cancel}
      </button>
      <Failure error={save.error} />
    </form>
  )
}
