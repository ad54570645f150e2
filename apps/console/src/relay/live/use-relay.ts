import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { ask } from '../client/relay-client.js'
import { relayKey, topicKey } from './keys.js'

/** No event tells that a gateway came or went, or that a buffer drained: these are read again while somebody looks. */
const everyMs = 5_000

export const usePlatforms = () =>
  useQuery({ queryKey: topicKey('platforms'), queryFn: () => ask((relay) => relay.listPlatforms()) })

export const useBots = () =>
  useQuery({
    queryKey: topicKey('bots'),
    queryFn: () => ask((relay) => relay.listBots()),
    refetchInterval: everyMs,
  })

/** All, or those of one tenant. */
export const useGateways = (tenant?: string) =>
  useQuery({
    queryKey: [...topicKey('gateways'), tenant ?? ''],
    queryFn: () => ask((relay) => relay.listGateways({ tenant })),
    refetchInterval: everyMs,
  })

export const useInstances = (tenant?: string) =>
  useQuery({
    queryKey: [...topicKey('instances'), tenant ?? ''],
    queryFn: () => ask((relay) => relay.listInstances({ tenant })),
    refetchInterval: everyMs,
  })

export const useTenants = () =>
  useQuery({
    queryKey: topicKey('tenants'),
    queryFn: () => ask((relay) => relay.listTenants()),
    refetchInterval: everyMs,
  })

export const useLinks = (tenant: string) =>
  useQuery({
    queryKey: [...topicKey('links'), tenant],
    queryFn: () => ask((relay) => relay.listLinks({ tenant })),
  })

export const useScopes = (tenant: string) =>
  useQuery({
    queryKey: [...topicKey('scopes'), tenant],
    queryFn: () => ask((relay) => relay.listScopes({ tenant })),
  })

export const usePolicies = (tenant: string) =>
  useQuery({
    queryKey: [...topicKey('policies'), tenant],
    queryFn: () => ask((relay) => relay.listPolicies({ tenant })),
  })

export const useConversations = (tenant: string) =>
  useQuery({
    queryKey: [...topicKey('conversations'), tenant],
    queryFn: () => ask((relay) => relay.listConversations({ tenant })),
  })

/** `tenant` empty: of all. */
export const useDecisions = (tenant: string) =>
  useQuery({
    queryKey: [...topicKey('decisions'), tenant],
    queryFn: () => ask((relay) => relay.listDecisions({ tenant: tenant || undefined })),
  })

export const useChanges = (tenant: string) =>
  useQuery({
    queryKey: [...topicKey('changes'), tenant],
    queryFn: () => ask((relay) => relay.listChanges({ tenant: tenant || undefined })),
  })

/** Reads everything of the plane again. */
export function useRefreshRelay(): () => Promise<void> {
  const queries = useQueryClient()
  return useCallback(() => queries.invalidateQueries({ queryKey: relayKey }), [queries])
}
