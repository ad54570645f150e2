// A relay transport in memory, for tests of what stands on one. Fits `RelayTransport` of the relay by structure.

/** What a stub can say of its platform. Members as on the wire. */
export type StubDescriptor = {
  contract_version: number
  platform: string
  label: string
  max_message_length: number
  supports_draft_streaming: boolean
  supports_edit: boolean
  supports_threads: boolean
  markdown_dialect: string
  len_unit: 'chars' | 'utf16'
  supported_ops?: string[]
}
/** An action as it came. */
export type StubAction = { op: string; [name: string]: unknown }
export type StubResult =
  | { success: true; message_id?: string; thread_id?: string; chat_info?: { name: string; type: string } }
  | { success: false; error: string; ambiguous?: true; code?: string }
export type StubDelivery = { readonly bufferId?: string; ack(): Promise<void>; release(): void }
export type StubState = { state: 'idle' | 'connecting' | 'open' | 'connected' | 'dormant' | 'closed' }

// Handlers belong to whoever listens: what they take is decided there.
type InboundHandler = (event: never, delivery: StubDelivery) => Promise<void>
type PassthroughHandler = (
  forward: never,
  bufferId: string | undefined,
  delivery: StubDelivery,
) => Promise<void>
type InterruptHandler = (sessionKey: string, chatId: string) => Promise<void> | void

/** The other side of a stub: what a connector would do, and what it was told. */
export interface StubConnector {
  readonly actions: readonly StubAction[]
  readonly acks: readonly string[]
  readonly interrupts: readonly { sessionKey: string; reason: string | null }[]
  /** Resolves true when the handler has taken the event; those of one chat wait for each other. */
  deliver(event: { source: { chat_id: string } }, bufferId?: string): Promise<boolean>
  /** False: nobody takes forwards, or the handler failed. */
  forward(forward: object, bufferId?: string): Promise<boolean>
  interrupt(sessionKey: string, chatId: string): Promise<void>
  /** Decides results from now on; a promise that never resolves is an answer that never comes. Default: success, ids counted up. */
  answer(result: (action: StubAction) => StubResult | Promise<StubResult>): void
  /** Cuts the connection; `connect` opens a new one. */
  lose(): void
}

export interface StubTransport {
  readonly connector: StubConnector
  connect(): Promise<boolean>
  disconnect(options?: { graceMs?: number }): Promise<void>
  handshake(): Promise<StubDescriptor>
  setInboundHandler(handler: InboundHandler): void
  setPassthroughHandler?(handler: PassthroughHandler): void
  setInterruptHandler?(handler: InterruptHandler): void
  sendOutbound(action: { op: string }): Promise<StubResult>
  getChatInfo(chatId: string): Promise<{ name: string; type: string }>
  sendInterrupt(sessionKey: string, reason?: string): Promise<void>
  sendFollowUp(action: { op: string }): Promise<StubResult>
  goIdle?(): Promise<boolean>
  descriptors?(): ReadonlyMap<string, StubDescriptor>
  onState?(handler: (state: StubState) => void): () => void
}

type Optional = 'setPassthroughHandler' | 'setInterruptHandler' | 'goIdle' | 'descriptors' | 'onState'

export type StubTransportOptions = {
  descriptor?: Partial<StubDescriptor>
  /** Optional members to leave out. */
  without?: readonly Optional[]
  /** What `connect` answers. Default true. */
  isReachable?: () => boolean
}

const stubDescriptor: StubDescriptor = {
  contract_version: 1,
  platform: 'telegram',
  label: 'Telegram',
  max_message_length: 4096,
  supports_draft_streaming: false,
  supports_edit: true,
  supports_threads: true,
  markdown_dialect: 'markdown_v2',
  len_unit: 'utf16',
  supported_ops: ['send', 'edit', 'typing', 'follow_up', 'get_chat_info', 'send_media', 'prompt', 'react'],
}

/** Connects to nothing, and lets a test play the connector. */
export function stubTransport(options: StubTransportOptions = {}): StubTransport {
  const descriptor = { ...stubDescriptor, ...options.descriptor }
  const handlers: {
    inbound?: InboundHandler
    passthrough?: PassthroughHandler
    interrupt?: InterruptHandler
  } = {}
  const actions: StubAction[] = []
  const acks: string[] = []
  const interrupts: { sessionKey: string; reason: string | null }[] = []
  const pending = new Set<(result: StubResult) => void>()
  const listeners = new Set<(state: StubState) => void>()
  const tails = new Map<string, Promise<unknown>>()
  let state: StubState['state'] = 'idle'
  let answer: (action: StubAction) => StubResult | Promise<StubResult> = () => ({
    success: true,
    message_id: String(actions.length),
  })

  const move = (next: StubState['state']) => {
    state = next
    for (const tell of Array.from(listeners)) tell({ state: next })
  }
  const settleAll = (error: string) => {
    for (const settle of Array.from(pending)) settle({ success: false, error, ambiguous: true })
  }
  const deliveryOf = (bufferId: string | undefined, release: () => void): StubDelivery => ({
    ...(bufferId && { bufferId }),
    ack: async () => {
      if (bufferId) acks.push(bufferId)
    },
    release,
  })

  const send = (action: { op: string }): Promise<StubResult> => {
    if (state !== 'connected') return Promise.resolve(unsent(state))
    // The cast: an action is an object of JSON, whatever its type calls its members.
    const copy = structuredClone(action) as StubAction
    actions.push(copy)
    return new Promise((resolve) => {
      const settle = (result: StubResult) => {
        pending.delete(settle)
        resolve(result)
      }
      pending.add(settle)
      void Promise.resolve(answer(copy)).then(settle)
    })
  }
  const hand = async (event: object, delivery: StubDelivery): Promise<boolean> => {
    if (!handlers.inbound) return false
    try {
      // The cast: the listener knows what a test delivers to it.
      await handlers.inbound(event as never, delivery)
      await delivery.ack()
      return true
    } catch {
      // A handler that fails acks nothing, and ends nothing.
      return false
    }
  }

  const connector: StubConnector = {
    actions,
    acks,
    interrupts,
    deliver: (event, bufferId) => {
      const { chat_id: chat } = event.source
      const before = tails.get(chat) ?? Promise.resolve()
      let release = () => {}
      const released = new Promise<void>((resolve) => {
        release = resolve
      })
      const done = before.then(() => hand(event, deliveryOf(bufferId, release)))
      tails.set(chat, Promise.race([done, released]))
      return done
    },
    forward: async (forward, bufferId) => {
      if (!handlers.passthrough) return false
      try {
        await handlers.passthrough(
          forward as never,
          bufferId,
          deliveryOf(bufferId, () => {}),
        )
        return true
      } catch {
        // As with events.
        return false
      }
    },
    interrupt: async (sessionKey, chatId) => handlers.interrupt?.(sessionKey, chatId),
    answer: (result) => {
      answer = result
    },
    lose: () => {
      settleAll('relay transport connection lost')
      move('idle')
    },
  }

  const transport: StubTransport = {
    connector,
    connect: async () => {
      const isOpen = state !== 'closed' && (options.isReachable?.() ?? true)
      if (isOpen && state !== 'connected') move('connected')
      return isOpen
    },
    disconnect: async () => {
      settleAll('relay transport closed')
      if (state !== 'closed') move('closed')
    },
    handshake: async () => {
      if (state !== 'connected') throw new Error('relay transport not connected')
      return descriptor
    },
    setInboundHandler: (handler) => {
      handlers.inbound = handler
    },
    setPassthroughHandler: (handler) => {
      handlers.passthrough = handler
    },
    setInterruptHandler: (handler) => {
      handlers.interrupt = handler
    },
    sendOutbound: send,
    getChatInfo: async (chatId) => {
      const action = { op: 'get_chat_info', chat_id: chatId }
      const result = await send(action)
      const info = result.success ? result.chat_info : undefined
      return { ...info, name: info?.name || chatId, type: info?.type || 'dm' }
    },
    sendInterrupt: async (sessionKey, reason) => {
      if (state === 'connected') interrupts.push({ sessionKey, reason: reason ?? null })
    },
    sendFollowUp: async (action) => {
      const secret = Object.keys(action).find((name) => /token|secret|authorization/i.test(name))
      if (secret) throw new Error(`a follow_up never carries a credential: ${secret}`)
      return send(action)
    },
    goIdle: async () => state === 'connected',
    descriptors: () => new Map(state === 'connected' ? [[descriptor.platform, descriptor]] : []),
    onState: (handler) => {
      listeners.add(handler)
      return () => listeners.delete(handler)
    },
  }
  for (const name of options.without ?? []) delete transport[name]
  return transport
}

const unsent = (state: StubState['state']): StubResult => ({
  success: false,
  error: state === 'closed' ? 'relay transport closed' : 'relay transport not connected',
})
