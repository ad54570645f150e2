import type { Requirement } from './requirement.js'

const at = (heading: string, says: string): Requirement => ({
  source: `docs/protocol/threads.md#${heading}`,
  says,
})

/** One requirement per feature of the threads plane. */
export const threadsRequirements = {
  'threads.t01': at(
    'who-may-do-what',
    'Callers are named once a request and once a connection; strangers get 401.',
  ),
  'threads.t02': at(
    'threads',
    'Threads are created, read, replaced member by member, and deleted with all they have.',
  ),
  'threads.t03': at('tenants', 'A thread is visible when every entry of its tenant is among the caller’s.'),
  'threads.t04': at(
    'tenants',
    'Nobody creates a thread in, or moves one to, a tenant that they would not see.',
  ),
  'threads.t05': at('threads', 'Pages of threads neither repeat nor skip, equal times included.'),
  'threads.t06': at('events', 'Pages of events in both orders, by type, by cursor and after a number.'),
  'threads.t07': at(
    'who-may-do-what',
    'Invisible comes before no member, before not authorized, before malformed.',
  ),
  'threads.t08': at(
    'members',
    'Members are added once, listed in order, removed by their id; only changes are told.',
  ),
  'threads.t09': at('messages', 'Every kind of part is kept as sent; every broken one is refused.'),
  'threads.t10': at('messages', 'A retry with the same client id is the first event.'),
  'threads.t11': at(
    'assistants',
    'An invocation starts one run for each assistant, in order, or nothing at all.',
  ),
  'threads.t12': at('runs', 'A run starts, emits under one id, and completes.'),
  'threads.t13': at('runs', 'A handler that throws fails its run.'),
  'threads.t14': at('runs', 'A run that hangs fails at its limit, and the assistant is free.'),
  'threads.t15': at('runs', 'A cancelled run ends once, and nothing comes after it.'),
  'threads.t16': at('assistants', 'An assistant has at most one active run in a thread.'),
  'threads.t17': at('assistants', 'An idempotency key is done once, whoever comes at the same time.'),
  'threads.t18': at('assistants', 'Assistants start each other, up to a depth.'),
  'threads.t19': at('live', 'Nothing is pushed before a socket has joined or after it has left.'),
  'threads.t20': at('live', 'Each push comes once, with its payload, in order.'),
  'threads.t21': at('live', 'Resuming misses nothing, also while others write.'),
  'threads.t22': at('live', 'Socket actions answer as REST does, and whatever comes is acknowledged.'),
  'threads.t23': at('live', 'Whoever is removed, or no longer sees the thread, hears nothing more.'),
  'threads.t24': at('live', 'Namespaces are kept apart.'),
  'threads.t25': at('live', 'The namespace helpers agree with each other and refuse illegal values.'),
  'threads.t26': at('assistants', 'A handler reads all of a thread, or the latest.'),
  'threads.t27': at(
    'assistants',
    'What a handler tracks is handed over when its run ends, and never logged.',
  ),
  'threads.t28': at('events', 'The invariants hold on every store under concurrency.'),
  'threads.t29': at('events', 'Many writers at once: numbers without a gap, times that grow.'),
  'threads.t30': at('runs', 'A run whose process died is failed as orphaned.'),
  'threads.t31': at('errors', 'Every refusal has the one body.'),
  'threads.t32': at('live', 'The client reconnects and resumes without a gap.'),
  'threads.t33': at('live', 'React hooks for threads, events, members and runs.'),
  'threads.t34': at('live', 'Text streams as it is written, and ends as one event.'),
  'threads.t35': at(
    'recipients',
    'Messages may name recipients; assistants among them are started, up to a depth.',
  ),
  'threads.t36': at('live', 'Several nodes serve one thread.'),
  'threads.t37': at('live', 'Edits, receipts, typing, presence, webhooks.'),
} as const satisfies Record<string, Requirement>
