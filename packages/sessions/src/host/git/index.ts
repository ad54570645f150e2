export type { GitDiffResponse } from './diff.js'
export { gitRoutes } from './routes.js'
export type { GitFile, GitFileStatus, GitStatusResponse } from './status.js'
