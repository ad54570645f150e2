import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { told } from '../client/problems.js'
import { sessionsClient } from '../client/sessions-client.js'

type Options = { isEnabled?: boolean; showAll?: boolean }

/** What lies in a directory of an instance; an empty path is the one it begins with. */
export function useDirectory(
  instance: string,
  path: string,
  { isEnabled = true, showAll = false }: Options = {},
) {
  return useQuery({
    queryKey: ['sessions', 'directory', instance, path, showAll],
    queryFn: () =>
      told(
        sessionsClient().fetchRuntimeFileSystem(instance, {
          ...(path !== '' && { path }),
          showAllFiles: showAll,
        }),
      ),
    enabled: isEnabled && instance !== '',
    placeholderData: keepPreviousData,
    retry: false,
  })
}
