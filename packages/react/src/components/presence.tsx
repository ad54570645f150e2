import { useThreadSettings, useThreadSnapshot } from './thread-context.js'

/** The members, and who of them is there. */
export function Presence() {
  const { labels } = useThreadSettings()
  const { members, online } = useThreadSnapshot()
  const isThere = new Set(online)
  return (
    <ul data-parley-presence="" aria-label={labels.members}>
      {members.map(({ identity_id, identity }) => (
        <li
          key={identity_id}
          data-parley-member={identity.role}
          data-parley-online={isThere.has(identity_id)}
          title={isThere.has(identity_id) ? labels.online : labels.offline}
        >
          {identity.name || identity_id}
        </li>
      ))}
    </ul>
  )
}
