/** A statement to prepare: its text, its name on every connection, and whether the limit is in the text already. */
export type LimitText = { name: string; text: string; isLiteral: boolean }

/** Texts that a reader prepares for one statement; each is kept by every connection of the pool. */
export const maxTexts = 64

/**
 * Writes the limit of a statement into its text. As a parameter Postgres takes it for a tenth of all rows, so that on a
 * long stream every general plan looks worse than a new one: it plans at each read, which takes longer than the read.
 * Past `maxTexts` distinct limits, and for what is no positive integer, the answer is the statement with its parameter.
 */
export function limitTexts(
  name: string,
  statement: (limit: string) => string,
  parameter: `$${number}`,
): (limit: number) => LimitText {
  const texts = new Map<number, LimitText>()
  const general: LimitText = { name, text: statement(parameter), isLiteral: false }
  return (limit) => {
    const known = texts.get(limit)
    if (known) return known
    // Only digits may become part of a statement.
    if (texts.size >= maxTexts || !Number.isSafeInteger(limit) || limit < 1) return general
    const made = { name: `${name}_${limit}`, text: statement(String(limit)), isLiteral: true }
    texts.set(limit, made)
    return made
  }
}
