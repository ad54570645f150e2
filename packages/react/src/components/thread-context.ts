import type {
  MessageItem,
  NoticeItem,
  PendingItem,
  ReasoningItem,
  StreamingItem,
  ThreadSnapshot,
  ToolItem,
} from '@parley/threads/client'
import type { AudioPart, DocumentPart, FormPart, Identity, ImagePart } from '@parley/threads/protocol'
import { type ComponentType, createContext, useContext } from 'react'
import type { ThreadActions } from '../hooks/thread-actions.js'
import type { Labels } from '../labels.js'

export type CodeProps = {
  code: string
  /** As it was written behind the fence; any text. */
  language?: string
  /** More of it may come. */
  isStreaming?: boolean
}
export type TextProps = { text: string; isStreaming?: boolean }
/** `item` is the message that the form stands in; absent while that is not stored. */
export type FormProps = { part: FormPart; item?: MessageItem }

/** What shows what. Give `components` to `<Thread>` to replace some or all of them. */
export type ThreadComponents = {
  Message: ComponentType<{ item: MessageItem }>
  Pending: ComponentType<{ item: PendingItem }>
  Streaming: ComponentType<{ item: StreamingItem }>
  Reasoning: ComponentType<{ item: ReasoningItem }>
  Tool: ComponentType<{ item: ToolItem }>
  Notice: ComponentType<{ item: NoticeItem }>
  Author: ComponentType<{ identity: Identity }>
  Text: ComponentType<TextProps>
  Code: ComponentType<CodeProps>
  Image: ComponentType<{ part: ImagePart }>
  Audio: ComponentType<{ part: AudioPart }>
  Document: ComponentType<{ part: DocumentPart }>
  Form: ComponentType<FormProps>
}

/** What the components below a `<Thread.Root>` have in common. It changes seldom. */
export type ThreadSettings = {
  readonly threadId: string | undefined
  readonly identityId: string | undefined
  readonly labels: Labels
  readonly components: ThreadComponents
  readonly actions: ThreadActions
  /** The name of a member, or the id where nobody has it. */
  nameOf(identityId: string): string
}

export const SettingsContext = createContext<ThreadSettings | undefined>(undefined)
export const SnapshotContext = createContext<ThreadSnapshot | undefined>(undefined)

/** What the components of a thread have in common: for components of your own. Throws outside of `<Thread.Root>`. */
export function useThreadSettings(): ThreadSettings {
  return present(useContext(SettingsContext))
}

/** The thread that is shown, as it is now. Renders again with every change. Throws outside of `<Thread.Root>`. */
export function useThreadSnapshot(): ThreadSnapshot {
  return present(useContext(SnapshotContext))
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('There is no <Thread.Root> above this component.')
  return value
}
