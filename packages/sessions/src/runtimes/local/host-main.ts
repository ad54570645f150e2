// WHY: tests and `tsx` run the TypeScript sources, but a process of Node 20 can't: its file is then taken from the build,
//      which must be there and up to date (`tsc -b`).

/** Where the host's program is, for this module's own address in `src` or in `dist`. */
export function hostMain(self: string = import.meta.url): URL {
  const built = self.endsWith('.ts') ? self.replace('/src/runtimes/local/', '/dist/runtimes/local/') : self
  return new URL('../../host/main.js', built)
}
