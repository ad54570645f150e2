export type { Receipt, ReceiptEnd } from './receipt.js'

export { noReceipt } from './receipt.js'
export { createReceipts, type Receipts } from './receipts.js'
