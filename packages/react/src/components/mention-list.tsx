import type { ThreadMember } from '@parley/threads/protocol'
import { useThreadSettings } from './thread-context.js'
import type { Mentions } from './use-mentions.js'

type MentionListProps = { id: string; mentions: Mentions; onPick: (member: ThreadMember) => void }

/** The members that can be mentioned. The focus stays in the text; `aria-activedescendant` points here. */
export function MentionList({ id, mentions, onPick }: MentionListProps) {
  const { labels } = useThreadSettings()
  return (
    <div id={id} role="listbox" data-parley-mentions="" aria-label={labels.mentions}>
      {mentions.offered.map((member, place) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the text keeps the focus
        <div
          key={member.identity_id}
          id={optionId(id, place)}
          role="option"
          aria-selected={place === mentions.active}
          data-parley-role={member.identity.role}
          // Not on click: by then the text would have lost the focus.
          onPointerDown={(event) => {
            event.preventDefault()
            onPick(member)
          }}
        >
          {member.identity.name || member.identity_id}
        </div>
      ))}
    </div>
  )
}

/** The id of one member in the list. */
export function optionId(listId: string, place: number): string {
  return `${listId}-${place}`
}
