import type { MessageItem } from '@parley/threads/client'
import type { ContentPart } from '@parley/threads/protocol'
import { useThreadSettings } from '../components/thread-context.js'

/** The parts of a message. `item` is the message, when it is stored. */
export function Parts({ content, item }: { content: readonly ContentPart[]; item?: MessageItem }) {
  return (
    <div data-parley-parts="">
      {content.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a part is known by its place in the message
        <Part key={index} part={part} item={item} />
      ))}
    </div>
  )
}

function Part({ part, item }: { part: ContentPart; item: MessageItem | undefined }) {
  const { labels, components } = useThreadSettings()
  const { Text, Image, Audio, Document, Form } = components
  switch (part.type) {
    case 'text':
      return <Text text={part.text} />
    case 'image':
      return <Image part={part} />
    case 'audio':
      return <Audio part={part} />
    case 'document':
      return <Document part={part} />
    case 'form':
      return <Form part={part} item={item} />
    default:
      return <p data-parley-unsupported="">{labels.unsupported(typeOf(part))}</p>
  }
}

// A later server may send kinds of part that the types do not speak of.
const typeOf = (part: never): string => (part as { type: string }).type
