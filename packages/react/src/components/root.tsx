import { type ReactNode, useMemo } from 'react'
import { useSelected } from '../hooks/use-selected.js'
import { useThreadStore } from '../hooks/use-thread.js'
import { englishLabels, type Labels } from '../labels.js'
import { useIdentityId } from '../provider.js'
import { defaultComponents } from './default-components.js'
import { SettingsContext, SnapshotContext, type ThreadComponents } from './thread-context.js'

export type ThreadRootProps = {
  /** Undefined shows a thread that is loading. */
  threadId: string | undefined
  /** Words other than the English ones. Keep the object the same between renders, or everything renders again. */
  labels?: Partial<Labels>
  /** Components other than the default ones. Keep the object the same between renders, as with `labels`. */
  components?: Partial<ThreadComponents>
  className?: string
  children?: ReactNode
}

/** Opens a thread for the components in it, which may stand in any order and be left out. */
export function Root(props: ThreadRootProps) {
  // The key: drafts, scroll positions and the unread line are those of one thread.
  return <Room key={props.threadId} {...props} />
}

function Room({ threadId, labels, components, className, children }: ThreadRootProps) {
  const identityId = useIdentityId()
  const store = useThreadStore(threadId)
  const snapshot = useSelected(store, itself, Object.is)
  const { actions } = store
  const { members } = snapshot

  const settings = useMemo(() => {
    const names = new Map(members.map(({ identity_id, identity }) => [identity_id, identity.name]))
    return {
      threadId,
      identityId,
      labels: { ...englishLabels, ...labels },
      components: { ...defaultComponents, ...components },
      actions,
      nameOf: (id: string) => names.get(id) || id,
    }
  }, [threadId, identityId, labels, components, actions, members])

  return (
    <SettingsContext.Provider value={settings}>
      <SnapshotContext.Provider value={snapshot}>
        <section data-parley-thread="" data-parley-state={snapshot.status} className={className}>
          {children}
        </section>
      </SnapshotContext.Provider>
    </SettingsContext.Provider>
  )
}

const itself = <T,>(value: T): T => value
