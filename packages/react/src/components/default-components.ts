import { Audio } from '../parts/audio.js'
import { Code } from '../parts/code.js'
import { Document } from '../parts/document.js'
import { Form } from '../parts/form.js'
import { Image } from '../parts/image.js'
import { Text } from '../parts/text.js'
import { Author } from './author.js'
import { Message } from './message.js'
import { Notice } from './notice.js'
import { Pending } from './pending.js'
import { Reasoning } from './reasoning.js'
import { Streaming } from './streaming.js'
import type { ThreadComponents } from './thread-context.js'
import { Tool } from './tool.js'

/** The components that show things unless others are given. */
export const defaultComponents: ThreadComponents = {
  Message,
  Pending,
  Streaming,
  Reasoning,
  Tool,
  Notice,
  Author,
  Text,
  Code,
  Image,
  Audio,
  Document,
  Form,
}
