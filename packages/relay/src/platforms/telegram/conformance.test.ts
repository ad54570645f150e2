import { platformConformance } from '../conformance.js'
import { telegramSubject } from './subject.test.support.js'

for (const mode of ['polling', 'webhook'] as const)
  platformConformance(`Telegram by ${mode}`, () => telegramSubject(mode))
