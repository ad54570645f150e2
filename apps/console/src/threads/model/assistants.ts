import { useQuery } from '@tanstack/react-query'

/** An assistant that can be invited. */
export type Invitable = { readonly id: string; readonly name: string }

const demo: readonly Invitable[] = [
  { id: 'guide', name: 'Guide' },
  { id: 'echo', name: 'Echo' },
]

/** The assistants that come with a server: a guide through what rooms can do, and an echo. Empty where they are off. */
export function useDemoAssistants(): readonly Invitable[] {
  const assistants = useQuery({
    queryKey: ['threads', 'demo-assistants'],
    queryFn: readDemo,
    staleTime: Infinity,
  })
  return assistants.data ?? []
}

// A server that has them also serves the picture that the guide shows.
async function readDemo(): Promise<readonly Invitable[]> {
  const answer = await fetch('/demo-assistants/picture.svg', { method: 'HEAD' })
  return answer.ok ? demo : []
}
