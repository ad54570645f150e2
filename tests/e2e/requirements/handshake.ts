import type { Requirement } from './requirement.js'

const at = (heading: string, says: string): Requirement => ({
  source: `docs/protocol/handshake.md#${heading}`,
  says,
})

/** One requirement per feature of the handshake plane; a dot behind the number is a part proven elsewhere. */
export const handshakeRequirements = {
  'handshake.h01': at(
    'create-a-session',
    'Creating a session answers ids, a token, relative URLs and its lifetime.',
  ),
  'handshake.h02': at(
    'read-the-context',
    'A form answers its schema, each value with its origin, and what is missing.',
  ),
  'handshake.h03': at('read-the-context', 'A session of the default mode answers plain data.'),
  'handshake.h04': at(
    'tokens',
    'The token comes in a header or the query; the header wins; unknown sessions come first.',
  ),
  'handshake.h05': at(
    'write-with-actions',
    'A batch is reported action by action, refusals in a fixed order of checks.',
  ),
  'handshake.h06': at('field-types', 'Each field type accepts and refuses exactly what its row says.'),
  'handshake.h07': at(
    'provenance',
    'Who wrote a field last decides who may write it next, in all eight cases.',
  ),
  'handshake.h08': at(
    'provenance',
    'A field that the user edits while a batch runs is not overwritten by it.',
  ),
  'handshake.h09': at('streaming', 'A streaming batch pushes in order, then done, then answers.'),
  'handshake.h10': at('streaming', 'A batch that does not stream pushes only done, with the written values.'),
  'handshake.h11': at('streaming', 'The default mode pushes without waiting.'),
  'handshake.h12': at('streaming', 'The answer counts sockets and deliveries.'),
  'handshake.h13': at(
    'read-the-changes',
    'Changes later than an instant are answered, however that instant is written.',
  ),
  'handshake.h14': at(
    'read-the-changes',
    'Two hundred changes are kept, and fifty are answered when nobody says since when.',
  ),
  'handshake.h15': at(
    'extend-a-session',
    'A session gets more time within bounds, and every socket is told.',
  ),
  'handshake.h16': at('lifetime', 'A session ends when nobody authenticated has used it for its lifetime.'),
  'handshake.h16.sliding': at('lifetime', 'Each authenticated request starts the lifetime anew.'),
  'handshake.h17': at(
    'rate-limits',
    'Sixty calls a minute are answered, the next one is told when to come back.',
  ),
  'handshake.h17.window': at(
    'rate-limits',
    'The window slides: a call leaves it after sixty seconds, and refusals are not counted.',
  ),
  'handshake.h17.failures': at(
    'rate-limits',
    'Failed token checks are limited, and a right token is never locked out by them.',
  ),
  'handshake.h18': at('hooks', 'Hooks veto or fail an action, and cap or refuse an extension.'),
  'handshake.h18.create': at('hooks', 'A create hook that throws or answers false refuses the session.'),
  'handshake.h18.done': at(
    'hooks',
    'What a done hook throws hurts nobody, and true from an extend hook keeps the seconds.',
  ),
  'handshake.h19': at('the-channel', 'A refused socket is opened, told why, and closed with 1000.'),
  'handshake.h20': at('the-channel', 'An idle socket gets heartbeats and stays open.'),
  'handshake.h21': at('the-channel', 'Frames that mean nothing are ignored, and the connection stays.'),
  'handshake.h22': at('the-prompt', 'Prompts in both languages read back to the right values.'),
  'handshake.h23': at('the-prompt', 'The parser takes and refuses each row of the grammar.'),
  'handshake.h24': at(
    'the-command-line',
    'The command line has the original commands, outputs and exit codes.',
  ),
  'handshake.h25': at('the-browser-client', 'The browser client runs unbundled in a page and in Node.'),
  'handshake.h26': at('todays-clients', 'The request sequences of today’s clients work from end to end.'),
  'handshake.h27': at('the-browser-key', 'Only the holder of the browser key can edit as the user.'),
  'handshake.h28': at('claiming', 'The prompt’s token is traded once for one of the agent’s own.'),
  'handshake.h29': at('revoking', 'A revoked session is gone for everybody, open sockets included.'),
  'handshake.h30': at('origins', 'Pages of other origins can neither create, nor edit, nor listen.'),
  'handshake.h31': at('limits', 'Each limit answers clearly and harms nothing.'),
  'handshake.h32': at('errors', 'Odd input is answered with a JSON error below 500.'),
  'handshake.h33': at('audit', 'Each step leaves a record without secrets, for the page only.'),
  'handshake.h34': at('streaming', 'A long batch is paced without holding up anybody else.'),
  'handshake.h34.bound': at(
    'streaming',
    'Pacing is shortened so that the answer of a long batch leaves in time.',
  ),
  'handshake.h35': at('streaming', 'Batches of one session run one after the other.'),
  'handshake.h36': at('modes', 'A form stays protected under an alias and under unknown names.'),
  'handshake.h36.strict': at('modes', 'Strict modes refuse a name that nobody registered.'),
  'handshake.h36.custom': at('modes', 'A handler of the application gets every call of its mode.'),
  'handshake.h37': at('storage', 'Sessions survive a restart where the store is a file or Postgres.'),
  'handshake.h38': at('many-nodes', 'Pushes and limits reach across nodes.'),
  'handshake.h39': at('adapters', 'Every adapter answers alike.'),
  'handshake.h40': at('react', 'Hooks and panels show status and locks, and revoke.'),
  'handshake.h41': at('links-and-qr', 'Prompt, link and QR code carry the same values.'),
  'handshake.h42': at('pairing', 'A pairing rotates its credentials and ends when an old one comes back.'),
  'handshake.h43': at(
    'agent-to-agent',
    'One agent calls a capability of another, and no more than was listed.',
  ),
  'handshake.h44': at(
    'conformance',
    'A suite judges any server from outside and reports in a form machines read.',
  ),
  'handshake.h45': at('tokens', 'No token begins with a dash.'),
  'handshake.h46': at('modes', 'With modes of 0.1 every session is a form.'),
  'handshake.h47': at('sealed-prompts', 'A sealed session hands out a code in the place of a token.'),
  'handshake.h48': at('sealed-prompts', 'A code opens nothing but the claim.'),
  'handshake.h49': at('sealed-prompts', 'A claimed code is spent, and the page goes on as before.'),
  'handshake.h50': at('sealed-prompts', 'A code used twice freezes the session.'),
  'handshake.h51': at('sealed-prompts', 'The user thaws a session, with or without the first agent.'),
  'handshake.h52': at('sealed-prompts', 'A claim can be repeated by whoever made it, and by nobody else.'),
  'handshake.h53': at('sealed-prompts', 'The page can have a fresh code until one is claimed.'),
  'handshake.h54': at('pairing', 'An agent asks, the user answers, the agent collects once.'),
  'handshake.h55': at('pairing', 'A refresh rotates, and reuse ends the family.'),
  'handshake.h56': at('pairing', 'A pairing can be narrowed at once and never widened.'),
  'handshake.h57': at('pairing', 'Child grants are never wider, longer or deeper than allowed.'),
  'handshake.h58': at('pairing', 'Each scope opens exactly its rows.'),
  'handshake.h59': at('pairing', 'No credential is stored in plain, and a restart keeps pairings.'),
  'handshake.h60': at('pairing', 'A pairing of another owner looks absent.'),
} satisfies Record<string, Requirement>
