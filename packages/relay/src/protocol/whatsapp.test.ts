import { describe, expect, it } from 'vitest'
import { canonicalWhatsAppId } from './whatsapp.js'

describe('the canonical form of a WhatsApp id', () => {
  it.each([
    ['15551230000@s.whatsapp.net', '15551230000'],
    ['15551230000:4@s.whatsapp.net', '15551230000'],
    [' +15551230000 ', '15551230000'],
    ['1+2+3', '12+3'],
    ['', ''],
  ])('%j is %j', (id, bare) => {
    expect(canonicalWhatsAppId(id)).toBe(bare)
  })

  it('is the shortest alias, and of equally short ones the first', () => {
    const aliases: Record<string, string[]> = { '77777@lid': [], '77777': ['999', '+888@s.whatsapp.net'] }

    expect(canonicalWhatsAppId('77777@lid', (id) => aliases[id] ?? [])).toBe('888')
  })

  it('ignores an alias that is empty', () => {
    expect(canonicalWhatsAppId('123', () => ['@lid', ''])).toBe('123')
  })
})
