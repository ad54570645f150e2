declare const brand: unique symbol

/** A string or number that only its own module hands out, so that one kind of id can't pass for another. */
export type Brand<T, Name extends string> = T & { readonly [brand]?: Name }

/** `<kind>:<id>`, for example `handshake:3f…`. The kind is what `followKind` selects by. */
export type StreamId = Brand<string, 'StreamId'>
/** Id of one event, unique over all streams. */
export type EventId = Brand<string, 'EventId'>
/** Id of one running process that shares a ground with others. */
export type NodeId = Brand<string, 'NodeId'>
/** Microseconds since 1970-01-01T00:00:00Z; safe as a JavaScript number until the year 2255. */
export type Micros = Brand<number, 'Micros'>
