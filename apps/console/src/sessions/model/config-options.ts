import type { Choice, ConfigOption } from '@parley/sessions/client'
import { readList, readObject, readText } from '../../api/read.js'

/** What can be chosen of an option, groups flattened. */
export function choicesOf({ options }: ConfigOption): Choice[] {
  return readList(options).flatMap((one) => {
    const { value, name, options: inner } = readObject(one)
    if (inner !== undefined) return readList(inner).map((each) => toChoice(readObject(each)))
    return [toChoice({ value, name })]
  })
}

const toChoice = ({ value, name }: Readonly<Record<string, unknown>>): Choice => ({
  id: readText(value),
  name: readText(name, readText(value)),
})

/** True when one of the agent's options says the same as its modes or models: then that is the one to show. */
export const isCovered = (options: readonly ConfigOption[], what: 'mode' | 'model'): boolean =>
  options.some(({ category, id }) => category === what || id === what)
