import { useCallback, useEffect, useRef, useState } from 'react'

export type Action<Given extends unknown[]> = {
  /** Never rejects. Answers whether it worked; false while an earlier call is under way. */
  run(...given: Given): Promise<boolean>
  readonly isBusy: boolean
  /** Why the last call failed. */
  readonly error: unknown
}

/** Something that a button does: once at a time, with its failure kept for showing. */
export function useAction<Given extends unknown[]>(
  act: (...given: Given) => Promise<unknown>,
): Action<Given> {
  const [state, setState] = useState<{ isBusy: boolean; error?: unknown }>({ isBusy: false })
  const busy = useRef(false)
  const latest = useRef(act)
  useEffect(() => {
    latest.current = act
  })

  const run = useCallback(async (...given: Given) => {
    if (busy.current) return false
    busy.current = true
    setState({ isBusy: true })
    try {
      await latest.current(...given)
      setState({ isBusy: false })
      return true
    } catch (error) {
      setState({ isBusy: false, error })
      return false
    } finally {
      busy.current = false
    }
  }, [])
  return { run, isBusy: state.isBusy, error: state.error }
}
