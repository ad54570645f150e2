import { memo } from 'react'
import { type TextProps, useThreadSettings } from '../components/thread-context.js'
import { RichText } from './rich-text.js'

/** The text of a message, as Markdown. */
export const Text = memo(function Text({ text, isStreaming = false }: TextProps) {
  const { labels, components } = useThreadSettings()
  return (
    <RichText text={text} isStreaming={isStreaming} Code={components.Code} footnotes={labels.footnotes} />
  )
})
