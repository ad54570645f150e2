// One hook for each thing that changes the server. Each takes what to do on success and on failure.
import type {
  EnqueueMessageBody,
  ListedRuntimeInstance,
  SessionsClient,
  UpdateAgentTemplateBody,
} from '@parley/sessions/client'
import type {
  AgentTemplate,
  CreateSessionBody,
  GitWorktreeCreateBody,
  GitWorktreeCreateResponse,
  PromptResult,
  QueuedMessage,
  QueuedPromptResponse,
  RegisterAgentTemplateBody,
  Session,
} from '@parley/sessions/protocol'
import { type Mutation, type MutationOptions, useMutation } from './use-mutation.js'

const createSession = {
  act: (client: SessionsClient, body: CreateSessionBody) => client.createSession(body),
  changes: ['sessions', 'runtimes'],
} as const

/** Resolves when the agent is ready. */
export const useCreateSession = (
  options?: MutationOptions<CreateSessionBody, Session>,
): Mutation<CreateSessionBody, Session> => useMutation(createSession, options)

const terminateSession = {
  act: (client: SessionsClient, id: string) => client.terminateSession(id),
  changes: ['sessions'],
} as const

export const useTerminateSession = (options?: MutationOptions<string, void>): Mutation<string, void> =>
  useMutation(terminateSession, options)

const registerTemplate = {
  act: (client: SessionsClient, body: RegisterAgentTemplateBody) => client.registerAgentTemplate(body),
  changes: ['templates'],
} as const

export const useRegisterAgentTemplate = (
  options?: MutationOptions<RegisterAgentTemplateBody, AgentTemplate>,
): Mutation<RegisterAgentTemplateBody, AgentTemplate> => useMutation(registerTemplate, options)

export const useUpdateAgentTemplate = (
  id: string,
  options?: MutationOptions<UpdateAgentTemplateBody, AgentTemplate>,
): Mutation<UpdateAgentTemplateBody, AgentTemplate> =>
  useMutation(
    {
      act: (client, body: UpdateAgentTemplateBody) => client.updateAgentTemplate(id, body),
      changes: ['templates'],
    },
    options,
  )

const deleteTemplate = {
  act: (client: SessionsClient, id: string) => client.deleteAgentTemplate(id),
  changes: ['templates'],
} as const

export const useDeleteAgentTemplate = (options?: MutationOptions<string, void>): Mutation<string, void> =>
  useMutation(deleteTemplate, options)

/** The name of the instance; the type's where none is given. */
export type StartRuntimeInput = { typeName: string; name?: string }

const startRuntime = {
  act: (client: SessionsClient, { typeName, name }: StartRuntimeInput) => client.startRuntime(typeName, name),
  changes: ['runtimes'],
} as const

/** Starts or resumes an instance. To show it at once, give `onMutate`. */
export const useStartRuntime = (
  options?: MutationOptions<StartRuntimeInput, ListedRuntimeInstance>,
): Mutation<StartRuntimeInput, ListedRuntimeInstance> => useMutation(startRuntime, options)

const ending = (act: (client: SessionsClient, name: string) => Promise<void>) =>
  ({ act, changes: ['runtimes', 'sessions'] }) as const

const stopRuntime = ending((client, name) => client.stopRuntime(name))
const pauseRuntime = ending((client, name) => client.pauseRuntime(name))
const deleteRuntime = ending((client, name) => client.deleteRuntime(name))

/** By the name of the instance, as are the next two. */
export const useStopRuntime = (options?: MutationOptions<string, void>): Mutation<string, void> =>
  useMutation(stopRuntime, options)

export const usePauseRuntime = (options?: MutationOptions<string, void>): Mutation<string, void> =>
  useMutation(pauseRuntime, options)

export const useDeleteRuntime = (options?: MutationOptions<string, void>): Mutation<string, void> =>
  useMutation(deleteRuntime, options)

/** In the runtime instance `name`. */
export const useCreateRuntimeGitWorktree = (
  name: string,
  options?: MutationOptions<GitWorktreeCreateBody, GitWorktreeCreateResponse>,
): Mutation<GitWorktreeCreateBody, GitWorktreeCreateResponse> =>
  useMutation(
    {
      act: (client, body: GitWorktreeCreateBody) => client.createRuntimeGitWorktree(name, body),
      changes: ['worktrees'],
    },
    options,
  )

const enqueueMessage = {
  act: (client: SessionsClient, message: EnqueueMessageBody) => client.enqueueMessage(message),
  changes: ['messages', 'sessions'],
} as const

export const useEnqueueMessage = (
  options?: MutationOptions<EnqueueMessageBody, QueuedMessage>,
): Mutation<EnqueueMessageBody, QueuedMessage> => useMutation(enqueueMessage, options)

const sendMessage = {
  act: (client: SessionsClient, id: number) => client.sendQueuedMessage(id),
  changes: ['messages'],
} as const

/** Resolves when the turn is over, or at once when the prompt was queued. */
export const useSendQueuedMessage = (
  options?: MutationOptions<number, PromptResult | QueuedPromptResponse>,
): Mutation<number, PromptResult | QueuedPromptResponse> => useMutation(sendMessage, options)

const removeMessage = {
  act: (client: SessionsClient, id: number) => client.removeQueuedMessage(id),
  changes: ['messages'],
} as const

export const useRemoveQueuedMessage = (options?: MutationOptions<number, void>): Mutation<number, void> =>
  useMutation(removeMessage, options)

const clearMessages = {
  act: (client: SessionsClient) => client.clearMessageQueue(),
  changes: ['messages'],
} as const

export const useClearMessageQueue = (options?: MutationOptions<void, void>): Mutation<void, void> =>
  useMutation(clearMessages, options)
