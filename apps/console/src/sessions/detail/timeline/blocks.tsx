import { RichText } from '@parley/react'
import type { ContentBlock } from '@parley/sessions/client'
import { isObject, readText } from '../../../api/read.js'

/** Parts of a message beside its text. */
export function Blocks({ blocks }: { blocks: readonly ContentBlock[] }) {
  if (blocks.length === 0) return null
  return (
    <div className="mt-2 flex flex-col gap-2">
      {blocks.map((block, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks are only ever added at the end
        <Block key={at} block={block} />
      ))}
    </div>
  )
}

/** One part, as far as it can be shown: nothing is loaded from elsewhere. */
export function Block({ block }: { block: ContentBlock }) {
  switch (block.type) {
    case 'text':
      return <RichText text={readText(block.text)} />
    case 'image':
      return <Picture mime={readText(block.mimeType)} data={readText(block.data)} />
    case 'resource_link':
      return <Name text={readText(block.title) || readText(block.name)} address={readText(block.uri)} />
    case 'resource':
      return <Resource resource={block.resource} />
    default:
      return <p className="hint">A part that can’t be shown here ({block.type}).</p>
  }
}

const pictures: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp'])

function Picture({ mime, data }: { mime: string; data: string }) {
  const canShow = pictures.has(mime) && /^[A-Za-z0-9+/=]+$/.test(data)
  if (!canShow) return <p className="hint">A picture that can’t be shown here.</p>
  return (
    <img
      src={`data:${mime};base64,${data}`}
      alt="From the agent"
      className="max-h-80 max-w-full rounded-lg border border-line"
    />
  )
}

function Name({ text, address }: { text: string; address: string }) {
  const name = text || address
  if (!/^https?:\/\//i.test(address))
    return <code className="code w-fit [overflow-wrap:anywhere]">{name}</code>
  return (
    <a
      href={address}
      target="_blank"
      rel="noopener noreferrer"
      className="link w-fit [overflow-wrap:anywhere]"
    >
      {name}
    </a>
  )
}

function Resource({ resource }: { resource: unknown }) {
  if (!isObject(resource)) return null
  const text = readText(resource.text)
  return (
    <div>
      <Name text="" address={readText(resource.uri)} />
      {text && <pre className="code-block mt-1 max-h-64">{text}</pre>}
    </div>
  )
}
