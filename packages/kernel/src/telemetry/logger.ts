import { type Bindings, type ChildLoggerOptions, type DestinationStream, type Logger, pino } from 'pino'
import { type RedactOptions, redact } from './redact.js'
import { redactUrl } from './redact-url.js'

export type { Logger } from 'pino'

export type LoggerOptions = RedactOptions & {
  /** Default `info`; `silent` for tests. */
  level?: string
  /** On every line, for example `{ plane: 'relay' }`. */
  bindings?: Bindings
  /** Default: standard output. */
  destination?: DestinationStream
}

type Clean = (record: object) => Bindings

/**
 * A structured logger (one JSON object a line) that never writes a secret: not under a telling name, not in a URL, not
 * in an error's text, and not through a child's bindings.
 */
export function createLogger(options: LoggerOptions = {}): Logger {
  const { level = 'info', bindings = {}, destination } = options
  // The cast: `redact` gives an object for an object.
  const clean: Clean = (record) => redact(record, options) as Bindings
  const settings = {
    level,
    base: undefined,
    formatters: { log: clean, level: (label: string) => ({ level: label }) },
    // `clean` has described errors already; pino's serializer would take the description for an error.
    serializers: { err: (error: unknown) => error },
    hooks: {
      logMethod(this: Logger, args: unknown[], method: (...args: unknown[]) => void) {
        method.apply(this, cleanMessage(args, options))
      },
    },
  }
  const logger = destination ? pino(settings, destination) : pino(settings)
  return cleanChildren(logger, clean).child(bindings)
}

// OUTSIDE: pino does not run its formatters over the bindings of children. Children inherit these methods.
function cleanChildren(logger: Logger, clean: Clean): Logger {
  const child: (this: Logger, bindings: Bindings, options?: ChildLoggerOptions) => Logger = logger.child
  const { setBindings } = logger
  Object.assign(logger, {
    child(this: Logger, bindings: Bindings, childOptions?: ChildLoggerOptions): Logger {
      return child.call(this, clean(bindings), childOptions)
    },
    setBindings(this: Logger, bindings: Bindings) {
      setBindings.call(this, clean(bindings))
    },
  })
  return logger
}

/** Cleans message and parameters; an error without a message gives its own, which pino would take unclean. */
function cleanMessage(args: readonly unknown[], { secretPaths }: RedactOptions): unknown[] {
  const [first, ...rest] = args
  const message = rest.length === 0 ? messageOf(first) : undefined
  const all = message === undefined ? args : [...args, message]
  return all.map((arg) => (typeof arg === 'string' ? redactUrl(arg, secretPaths) : arg))
}

function messageOf(record: unknown): string | undefined {
  if (typeof record !== 'object' || record === null) return undefined
  const error = 'err' in record ? record.err : record
  // A message with a percent sign is text, not a format.
  return error instanceof Error ? error.message.replaceAll('%', '%%') : undefined
}
