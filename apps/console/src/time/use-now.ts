import { createContext, useContext, useEffect, useState } from 'react'
import { browserClock, type Clock } from './clock.js'

/** The clock of this page. */
const ClockContext = createContext<Clock>(browserClock)

export const useClock = (): Clock => useContext(ClockContext)

/** The present, again every second while the component is shown. */
export function useNow(): number {
  const clock = useClock()
  const [now, setNow] = useState(() => clock.now())
  useEffect(() => clock.every(1000, () => setNow(clock.now())), [clock])
  return now
}
