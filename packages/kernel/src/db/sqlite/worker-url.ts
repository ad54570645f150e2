// WHY: tests and `tsx` run the TypeScript sources, but a worker thread of Node 20 can't: its file is then
//      taken from the build, which must be there and up to date (`tsc -b`).

/** Where the worker's program is, for this module's own address in `src` or in `dist`. */
export function workerUrl(self: string = import.meta.url): URL {
  const built = self.endsWith('.ts') ? self.replace('/src/db/sqlite/', '/dist/db/sqlite/') : self
  return new URL('./worker.js', built)
}
