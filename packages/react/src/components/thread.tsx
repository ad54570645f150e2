import { Composer } from './composer.js'
import { Item } from './item.js'
import { Presence } from './presence.js'
import { Root, type ThreadRootProps } from './root.js'
import { Runs } from './runs.js'
import { Status } from './status.js'
import { Timeline } from './timeline.js'
import { Typing } from './typing.js'

export type ThreadProps = Omit<ThreadRootProps, 'children'>

function WholeThread(props: ThreadProps) {
  return (
    <Root {...props}>
      <Status />
      <Presence />
      <Timeline />
      <Typing />
      <Runs />
      <Composer />
    </Root>
  )
}

/**
 * A thread to read and to write in, without styles: `data-parley-…` attributes say what is what. Put its parts into a
 * `<Thread.Root>` for another order, or for less. Needs a `<ThreadsProvider>` above it.
 */
export const Thread = /* @__PURE__ */ Object.assign(WholeThread, {
  Root,
  Status,
  Presence,
  Timeline,
  Item,
  Typing,
  Runs,
  Composer,
})
