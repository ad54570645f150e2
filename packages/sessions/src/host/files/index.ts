export { cannotRead, confine, isInside, outside, type Place } from './confine.js'
export { gitPathOf } from './git-info.js'
export { patternsOf } from './ignore-rules.js'
export { openDirectory, openForReading, openForWriting } from './open.js'
export { cut, type Preview, previewFile } from './preview.js'
export { type FileRoutesOptions, fileRoutes } from './routes.js'
export { forBoth, type Scope, scopeOf } from './scope.js'
export { type SnapshotOptions, snapshot } from './snapshot.js'
export { type Tree, type TreeOptions, tree } from './tree.js'
export type { ChangeBatch, FileChange } from './watch/changes.js'
export type { ChangeSink, WatchDirectory } from './watch/source.js'
export { createWatcher, type Watcher, type WatcherOptions } from './watch/watcher.js'
export {
  createWorkspaceEvents,
  type WorkspaceEvents,
  type WorkspaceEventsOptions,
} from './watch/workspace-events.js'
