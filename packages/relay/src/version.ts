/** The contract's version (section 3). */
export const contractVersion = 1
