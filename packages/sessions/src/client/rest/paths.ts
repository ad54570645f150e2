/** Below a session or an instance; parts are escaped. */
export const agentPath = (id: string, ...rest: string[]): string => join('/agents', id, rest)

export const runtimePath = (name: string, ...rest: string[]): string => join('/runtimes', name, rest)

export const templatePath = (id: string): string => join('/agent-templates', id, [])

export const messagePath = (id: number, ...rest: string[]): string => join('/message-queue', String(id), rest)

const join = (start: string, id: string, rest: readonly string[]): string =>
  [start, ...[id, ...rest].map(encodeURIComponent)].join('/')

/** True for a path that would lead upwards: no escaping keeps an address from being shortened by `..`. */
export const isUpward = (path: string): boolean =>
  path
    .split('?')[0]!
    .split('/')
    .some((part) => dots.test(part))

const dots = /^(\.|%2e){1,2}$/i
