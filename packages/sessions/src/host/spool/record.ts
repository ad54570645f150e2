// One record of a segment file: length (4 bytes), checksum (4), number (8), then the event frame as it is sent.
import { crc32 } from 'node:zlib'
import { linkLimits } from '../../protocol/index.js'

/** An event as the link sends it. `frame`: the frame's JSON text in UTF-8. */
export type SpoolRecord = { readonly n: number; readonly frame: Buffer }

export const recordHeaderBytes = 16

/** Bytes that a record takes in its file. */
export const recordBytes = ({ frame }: SpoolRecord): number => recordHeaderBytes + frame.length

/** The records as the bytes of a file. */
export function encodeRecords(records: readonly SpoolRecord[]): Buffer {
  const bytes = Buffer.allocUnsafe(records.reduce((sum, record) => sum + recordBytes(record), 0))
  let at = 0
  for (const { n, frame } of records) {
    const end = at + recordHeaderBytes + frame.length
    bytes.writeUInt32BE(frame.length, at)
    bytes.writeBigUInt64BE(BigInt(n), at + 8)
    frame.copy(bytes, at + recordHeaderBytes)
    bytes.writeUInt32BE(crc32(bytes.subarray(at + 8, end)), at + 4)
    at = end
  }
  return bytes
}

/**
 * The record that begins at `at`, as a view of `bytes`, and where it ends. Nothing when it is not whole or its checksum
 * is wrong.
 */
export function decodeRecord(bytes: Buffer, at: number): { record: SpoolRecord; end: number } | undefined {
  if (bytes.length - at < recordHeaderBytes) return undefined
  const length = bytes.readUInt32BE(at)
  const end = at + recordHeaderBytes + length
  if (length === 0 || length > linkLimits.frameBytes || end > bytes.length) return undefined
  if (bytes.readUInt32BE(at + 4) !== crc32(bytes.subarray(at + 8, end))) return undefined
  const n = Number(bytes.readBigUInt64BE(at + 8))
  return { record: { n, frame: bytes.subarray(at + recordHeaderBytes, end) }, end }
}
