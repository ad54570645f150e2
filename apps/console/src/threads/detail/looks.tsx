// What the console shows otherwise than the unstyled components. Made once: another object would render all again.

import type { Labels, ThreadComponents } from '@parley/react'
import type { Identity, ImagePart } from '@parley/threads/protocol'
import { isAllowedUrl } from '@parley/threads/protocol'
import { useState } from 'react'
import { browserClock } from '../../time/clock.js'
import { formatTime } from '../../time/format-time.js'
import { Avatar } from '../avatar.js'

export const labels: Partial<Labels> = {
  empty: 'Nothing was said yet.',
  time: (iso) => formatTime(iso, browserClock.now()),
}

export const components: Partial<ThreadComponents> = { Author, Image }

function Author({ identity }: { identity: Identity }) {
  return (
    <span data-parley-author="" data-parley-role={identity.role}>
      <Avatar identity={identity} />
      {identity.name || identity.id}
    </span>
  )
}

/** A picture, or a link where it does not load: pages of this server may not fetch from everywhere. */
function Image({ part }: { part: ImagePart }) {
  const [hasFailed, setHasFailed] = useState(false)
  const name = part.name || 'Picture'
  if (!isAllowedUrl(part.url)) return <p data-parley-blocked="">{name} (its address cannot be opened)</p>
  if (!hasFailed)
    return (
      <img
        data-parley-image=""
        src={part.url}
        alt={name}
        loading="lazy"
        decoding="async"
        referrerPolicy="no-referrer"
        onError={() => setHasFailed(true)}
      />
    )
  return (
    <p data-parley-document={part.mime}>
      <a href={part.url} target="_blank" rel="noopener noreferrer">
        {name}
      </a>
    </p>
  )
}
