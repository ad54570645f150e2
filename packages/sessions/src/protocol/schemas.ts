// Schemas of the contract's nouns (section 14.10, last paragraph). All of them strip unknown members.
import * as z from 'zod'
import type {
  AgentSpawn,
  AgentTemplate,
  AgentTemplateRuntime,
  FilePreview,
  FileSystemSnapshot,
  PendingPermission,
  PromptQueueState,
  Session,
  WebhookConfig,
} from './session.js'
import type { FileSystemEntry } from './session-host/index.js'

const env = z.record(z.string(), z.string())

/** `args` may be left out. */
export const AgentSpawnSchema = z.object({
  command: z.string().min(1),
  args: z.array(z.string()).default([]),
}) satisfies z.ZodType<AgentSpawn>

const runtimeParts = {
  provider: z.string().min(1),
  image: z.string().optional(),
  dockerfile: z.string().optional(),
  setup: z.string().optional(),
  env: env.optional(),
}

export const AgentTemplateRuntimeSchema = z.object(runtimeParts) satisfies z.ZodType<AgentTemplateRuntime>

export const AgentTemplateSchema = z.object({
  id: z.string(),
  name: z.string(),
  spawn: AgentSpawnSchema,
  runtime: AgentTemplateRuntimeSchema,
  env: env.optional(),
}) satisfies z.ZodType<AgentTemplate>

/** Of a new template: of `runtime` only `provider`, `setup` and `env` are kept. */
export const RegisterAgentTemplateBodySchema = z.object({
  name: z.string().min(1),
  spawn: AgentSpawnSchema,
  runtime: z
    .object({ provider: runtimeParts.provider.optional(), setup: runtimeParts.setup, env: runtimeParts.env })
    .optional(),
  env: env.optional(),
})

/** The same for a server with these runtime types; the first is the default provider. */
export function createRegisterAgentTemplateBodySchema(names: readonly string[]) {
  const provider = providerAmong(names).optional()
  const runtime = z.object({ provider, setup: runtimeParts.setup, env: runtimeParts.env }).optional()
  return RegisterAgentTemplateBodySchema.extend({ runtime }).transform(({ runtime: given, ...body }) => ({
    ...body,
    // The cast: a server has at least one runtime type.
    runtime: { ...given, provider: given?.provider ?? (names[0] as string) },
  }))
}

const updateParts = {
  name: z.string().min(1).optional(),
  spawn: AgentSpawnSchema.optional(),
  env: env.optional(),
}

/** What `PUT /agent-templates/:id` may change; `runtime` is merged, `env` replaces. */
export const UpdateAgentTemplateBodySchema = z.object({
  ...updateParts,
  runtime: z.object(runtimeParts).partial().optional(),
})

/** The same for a server with these runtime types. */
export function createUpdateAgentTemplateBodySchema(names: readonly string[]) {
  const runtime = z.object({ ...runtimeParts, provider: providerAmong(names) }).partial()
  return z.object({ ...updateParts, runtime: runtime.optional() })
}

function providerAmong(names: readonly string[]) {
  const error = `Unknown runtime. Available: ${names.join(', ')}`
  return z.string().refine((name) => names.includes(name), { error })
}

export const PendingPermissionOptionSchema = z.object({
  optionId: z.string(),
  name: z.string(),
  kind: z.string(),
})

export const PendingPermissionSchema = z.object({
  requestId: z.string(),
  toolCallId: z.string(),
  title: z.string(),
  kind: z.string().optional(),
  options: z.array(PendingPermissionOptionSchema),
}) satisfies z.ZodType<PendingPermission>

export const FileSystemEntrySchema = z.object({
  path: z.string(),
  type: z.enum(['file', 'directory', 'symlink', 'other']),
  git: z.object({ branch: z.string(), origin: z.string().optional() }).optional(),
}) satisfies z.ZodType<FileSystemEntry>

export const FileSystemSnapshotSchema = z.object({
  root: z.string(),
  path: z.string().optional(),
  gitPath: z.string().optional(),
  entries: z.array(FileSystemEntrySchema),
  truncated: z.boolean(),
  maxEntries: z.number(),
}) satisfies z.ZodType<FileSystemSnapshot>

export const FilePreviewSchema = z.object({
  path: z.string(),
  content: z.string(),
  truncated: z.boolean(),
  maxChars: z.number(),
}) satisfies z.ZodType<FilePreview>

export const PromptQueueStateSchema = z.object({
  processing: z.boolean(),
  paused: z.boolean(),
  items: z.array(
    z.object({ queueId: z.string(), text: z.string(), enqueuedAt: z.string(), position: z.number() }),
  ),
  size: z.number(),
}) satisfies z.ZodType<PromptQueueState>

export const SessionLogSchema = z.object({
  timestamp: z.string(),
  type: z.string(),
  data: z.record(z.string(), z.unknown()),
})

/** The three nullable members must be there. */
export const SessionSchema = z.object({
  id: z.string(),
  agentName: z.string(),
  spawn: AgentSpawnSchema,
  startedAt: z.string(),
  lastUpdatedAt: z.string(),
  status: z.enum(['active', 'killed']),
  logs: z.array(SessionLogSchema),
  pendingPermission: PendingPermissionSchema.nullable(),
  fileSystem: FileSystemSnapshotSchema.nullable(),
  promptQueue: PromptQueueStateSchema.nullable(),
  websocketUrl: z.string().optional(),
  runtime: z.string().optional(),
  cwd: z.string().optional(),
  title: z.string().optional(),
}) satisfies z.ZodType<Session>

export const WebhookEventTypeSchema = z.enum(['permission_request', 'end_turn', 'error', 'session_end'])

/** A webhook as it is registered: the server gives the id. */
export const WebhookConfigBodySchema = z.object({
  url: z.url(),
  secret: z.string().min(1),
  events: z.array(WebhookEventTypeSchema).optional(),
}) satisfies z.ZodType<Omit<WebhookConfig, 'id'>>

/** Of one session: each gets every event, so that more of them would make a flood of one. */
const maxWebhooks = 20

/** Body of `POST /agents`: exactly one of `agentTemplateId` and `spawn`. */
export const CreateSessionBodySchema = z
  .object({
    sessionId: z.uuid().optional(),
    cwd: z.string().optional(),
    agentTemplateId: z.string().optional(),
    spawn: AgentSpawnSchema.optional(),
    name: z.string().optional(),
    runtimeInstance: z.string().optional(),
    webhooks: z.array(WebhookConfigBodySchema).max(maxWebhooks).optional(),
  })
  .refine(({ agentTemplateId, spawn }) => (agentTemplateId === undefined) !== (spawn === undefined), {
    error: 'Give exactly one of agentTemplateId and spawn',
  })
