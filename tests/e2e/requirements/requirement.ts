/** One thing the product promises: where the promise is written, and what it says in a sentence. */
export interface Requirement {
  source: `docs/protocol/${string}.md#${string}`
  says: string
}

export type Requirements = Readonly<Record<string, Requirement>>
