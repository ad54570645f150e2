import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Sealer } from './deps.js'

const version = 'v1'
const [nonceBytes, tagBytes] = [12, 16]

/** Seals with AES-256-GCM. The key has 32 bytes; each text gets a nonce of its own. */
export function createSealer(key: Uint8Array): Sealer {
  return {
    seal: (text, context) => {
      // WHY: a nonce that came twice under one key would give it away, so it never comes from injected ids.
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context))
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return `${version}.${Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')}`
    },
    open: (sealed, context) => {
      const [seen, text = ''] = sealed.split('.', 2)
      const bytes = Buffer.from(text, 'base64url')
      if (seen !== version || bytes.length < nonceBytes + tagBytes) throw new Error('not a sealed text')
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), {
        authTagLength: tagBytes,
      })
        .setAAD(Buffer.from(context))
        .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
      return Buffer.concat([
        decipher.update(bytes.subarray(nonceBytes + tagBytes)),
        decipher.final(),
      ]).toString()
    },
  }
}
