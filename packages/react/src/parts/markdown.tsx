import { type ComponentType, memo, useMemo } from 'react'
import ReactMarkdown, { type Components, type ExtraProps } from 'react-markdown'
import remarkGfm from 'remark-gfm'
import type { CodeProps } from '../components/thread-context.js'
import { Link } from './link.js'
import { linkUrl } from './urls.js'

type MarkdownProps = {
  text: string
  isStreaming: boolean
  Code: ComponentType<CodeProps>
  /** Heading of the footnotes. */
  footnotes: string
}

const plugins = [remarkGfm]

/** Markdown as elements. Raw HTML stays text: nothing here reads it. */
export const Markdown = memo(function Markdown({ text, isStreaming, Code, footnotes }: MarkdownProps) {
  const components = useMemo(() => elements(Code, isStreaming), [Code, isStreaming])
  const options = useMemo(() => ({ footnoteLabel: footnotes }), [footnotes])
  return (
    <ReactMarkdown
      remarkPlugins={plugins}
      remarkRehypeOptions={options}
      urlTransform={(url) => linkUrl(url) ?? ''}
      components={components}
    >
      {text}
    </ReactMarkdown>
  )
})

function elements(Code: ComponentType<CodeProps>, isStreaming: boolean): Components {
  return {
    a: ({ href, children }) => <Link url={href ?? ''}>{children}</Link>,
    // WHY a link: an image that loads by itself tells its server who reads the thread, and lets an assistant that was
    // talked into it send out what it knows as part of an address.
    img: ({ src, alt }) => <Link url={src ?? ''}>{alt || src}</Link>,
    pre: ({ node }) => <Code {...codeOf(node)} isStreaming={isStreaming} />,
  }
}

/** The one `code` element that Markdown has in a `pre`. */
function codeOf(pre: ExtraProps['node']): CodeProps {
  const [code] = pre?.children ?? []
  if (code?.type !== 'element') return { code: '' }
  const [text] = code.children
  const names = code.properties.className
  const language = Array.isArray(names) ? /^language-(.+)/.exec(names.join(' '))?.[1] : undefined
  return { code: text?.type === 'text' ? text.value.replace(/\n$/, '') : '', ...(language && { language }) }
}
