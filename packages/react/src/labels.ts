import type { ConnectionState } from '@parley/threads/client'

const list = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`

/** The default labels: every visible word of the components. */
export const englishLabels = {
  // The room.
  timeline: 'Conversation',
  loading: 'Loading the conversation …',
  reconnecting: 'The connection is lost. Trying again …',
  gone: 'This conversation does not exist any more, or is not yours.',
  refused: (reason: string) => `This conversation cannot be opened: ${reason}`,
  empty: 'No messages yet.',
  loadOlder: 'Load older messages',
  loadingOlder: 'Loading …',
  unread: 'New messages',
  jumpToNewest: 'Jump to the newest message',
  members: 'Members',
  online: 'online',
  offline: 'offline',
  typing: (names: readonly string[]) => `${list(names)} ${names.length === 1 ? 'is' : 'are'} typing …`,
  /** Of a failure; `reason` is the server's word, or empty. */
  failed: (reason: string) => reason || 'Something went wrong.',
  /** Of an ISO-8601 time. */
  time: (iso: string) => {
    const time = new Date(iso)
    return Number.isNaN(time.getTime())
      ? iso
      : time.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })
  },

  // Messages.
  edited: 'edited',
  deleted: 'This message was removed.',
  edit: 'Edit',
  editText: 'Text of the message',
  save: 'Save',
  cancel: 'Cancel',
  remove: 'Remove',
  confirmRemove: 'Remove this message?',
  keep: 'Keep',
  sending: 'Sending …',
  notSent: 'Not sent.',
  retry: 'Send again',
  discard: 'Discard',
  writing: (name: string) => `${name} is writing …`,
  reasoning: 'Reasoning',
  reasoningNow: 'Thinking …',
  recipients: (names: readonly string[]) => `To ${list(names)}`,

  // Parts.
  image: 'Image',
  audio: 'Audio',
  document: 'Document',
  /** Of a part whose address is not of a kind that may be opened. */
  blocked: (name: string) => `${name} (its address cannot be opened)`,
  unsupported: (type: string) => `This kind of content cannot be shown: ${type}`,
  bytes: (size: number) => (size < 1000 ? `${size} B` : `${(size / 1000).toFixed(size < 10_000 ? 1 : 0)} kB`),
  footnotes: 'Footnotes',

  // Forms.
  form: 'Form',
  submit: 'Submit',
  cancelForm: 'Do not answer',
  required: 'required',
  noChoice: '–',
  matches: (pattern: string) => `Form: ${pattern}`,
  json: 'Answer as JSON',
  schema: 'What the answer has to look like',
  notJson: 'This is no JSON object.',
  chooseSome: (count: number) => `Choose at least ${count}.`,
  answeredBy: (name: string) => `Answered by ${name}`,
  cancelledBy: (name: string) => `${name} did not answer`,
  formSubmitted: 'Submitted',
  formCancelled: 'Not answered',
  waitingForAnswer: 'Waiting for an answer.',
  yes: 'yes',
  no: 'no',

  // Tools.
  tool: (name: string) => `Tool: ${name}`,
  toolArguments: 'Arguments',
  toolResult: 'Result',
  toolError: 'Error',
  toolRunning: 'running',
  toolDone: 'done',
  toolFailed: 'failed',
  approvalRequired: 'needs approval',
  approved: 'approved',
  rejected: 'rejected',
  withdrawn: 'withdrawn',
  approve: 'Approve',
  reject: 'Reject',
  reason: 'Reason (optional)',
  decidedBy: (decision: string, name: string) => `${decision} by ${name}`,

  // Runs.
  working: (name: string) => `${name} is working …`,
  stop: 'Stop',

  // Notices.
  threadCreated: (by: string) => `${by} started the conversation.`,
  memberJoined: (member: string) => `${member} joined.`,
  memberLeft: (member: string) => `${member} left.`,
  memberAdded: (member: string, by: string) => `${by} added ${member}.`,
  memberRemoved: (member: string, by: string) => `${by} removed ${member}.`,
  tenantChanged: (by: string) => `${by} changed who can see the conversation.`,
  runStarted: (name: string) => `${name} started.`,
  runCompleted: (name: string) => `${name} is done.`,
  runFailed: (name: string, reason: string) => `${name} could not go on: ${reason}`,
  runCancelled: (name: string) => `${name} was stopped.`,
  unknownEvent: (type: string) => `Something happened: ${type}`,

  // Writing.
  composer: 'Message',
  placeholder: 'Write a message …',
  send: 'Send',
  mentions: 'Members to mention',
  /** Why nothing can be sent; `connection` is the client's. */
  cannotSend: (connection: ConnectionState) =>
    connection === 'refused'
      ? 'The server refused the connection.'
      : 'Messages can be sent once you are connected.',
}

/** Give `labels` to `<Thread>` to replace some or all of the words. */
export type Labels = typeof englishLabels
