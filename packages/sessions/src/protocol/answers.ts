// Schemas of answers that are not nouns of section 14.10. Unknown members are stripped, but where a type says otherwise.
import * as z from 'zod'
import type { FileSearchResponse } from './files.js'
import type {
  GitBranchesResponse,
  GitCommitsResponse,
  GitDiffResponse,
  GitStatusResponse,
  GitWorktreeCreateResponse,
  GitWorktreesResponse,
} from './git.js'
import type { AskedPermissionsResponse } from './permissions.js'
import type { PromptResult, SessionCommand, SessionStatus } from './prompt-result.js'
import type { RuntimeInfo } from './runtime.js'
import { FileSystemEntrySchema, PendingPermissionSchema, WebhookEventTypeSchema } from './schemas.js'
import type { QueuedPromptResponse } from './session.js'
import type { SessionsSettings } from './settings.js'
import type { QueuedMessage } from './storage.js'
import type { WebhookDeliveriesResponse } from './webhooks.js'

export const SessionsSettingsSchema = z.object({
  autoApprovePermissions: z.boolean(),
}) satisfies z.ZodType<SessionsSettings>

/** Whether a dial-out host is linked, and since when it is as it is (section 13.7). */
export const HostLinkStateSchema = z.object({ state: z.string(), since: z.string().optional() })

export const RuntimeInstanceSchema = z.object({
  name: z.string(),
  typeName: z.string(),
  status: z.enum(['running', 'stopped', 'paused']),
  websocketUrl: z.string().optional(),
  link: HostLinkStateSchema.optional(),
})

export const RuntimeInfoSchema = z.object({
  typeName: z.string(),
  onlyOne: z.boolean(),
  instances: z.array(RuntimeInstanceSchema),
}) satisfies z.ZodType<RuntimeInfo>

export const QueuedMessageSchema = z.object({
  id: z.number(),
  sessionId: z.string().nullable(),
  text: z.string(),
  runtime: z.string(),
  agent: z.string(),
  agentTemplateId: z.string().nullable(),
  directory: z.string().nullable(),
  status: z.enum(['pending', 'sent']),
  createdAt: z.string(),
  sentAt: z.string().nullable(),
}) satisfies z.ZodType<QueuedMessage>

/** Everything the agent answered is kept. */
export const PromptResultSchema = z.looseObject({ stopReason: z.string() }) satisfies z.ZodType<PromptResult>

export const QueuedPromptResponseSchema = z.object({
  queued: z.literal(true),
  queueId: z.string(),
  position: z.number(),
}) satisfies z.ZodType<QueuedPromptResponse>

/** Of a prompt that is not waited for. */
export const AcceptedPromptSchema = z.object({ accepted: z.literal(true), turnId: z.string().optional() })

export const SessionStatusSchema = z.object({
  processing: z.boolean(),
  pendingPermission: z.boolean(),
}) satisfies z.ZodType<SessionStatus>

export const SessionCommandSchema = z.object({
  name: z.string(),
  description: z.string(),
}) satisfies z.ZodType<SessionCommand>

export const AskedPermissionsResponseSchema = z.object({
  permissions: z.array(
    PendingPermissionSchema.extend({
      state: z.enum(['open', 'answered', 'cancelled']),
      optionId: z.string().optional(),
      answeredBy: z.object({ kind: z.string(), id: z.string(), name: z.string().optional() }).optional(),
      automatic: z.boolean().optional(),
      askedAt: z.string(),
      answeredAt: z.string().optional(),
    }),
  ),
}) satisfies z.ZodType<AskedPermissionsResponse>

export const GitBranchesResponseSchema = z.object({
  branches: z.array(
    z.object({ name: z.string(), sha: z.string(), current: z.boolean(), remote: z.boolean() }),
  ),
}) satisfies z.ZodType<GitBranchesResponse>

export const GitCommitsResponseSchema = z.object({
  branch: z.string(),
  commits: z.array(
    z.object({
      sha: z.string(),
      shortSha: z.string(),
      authorName: z.string(),
      authorEmail: z.string(),
      date: z.string(),
      message: z.string(),
    }),
  ),
}) satisfies z.ZodType<GitCommitsResponse>

export const GitWorktreesResponseSchema = z.object({
  worktrees: z.array(
    z.object({
      path: z.string(),
      sha: z.string(),
      branch: z.string(),
      bare: z.literal(true).optional(),
      detached: z.literal(true).optional(),
    }),
  ),
}) satisfies z.ZodType<GitWorktreesResponse>

export const GitWorktreeCreateResponseSchema = z.object({
  path: z.string(),
  message: z.string(),
}) satisfies z.ZodType<GitWorktreeCreateResponse>

export const GitStatusResponseSchema = z.object({
  branch: z.string(),
  ahead: z.number(),
  behind: z.number(),
  root: z.string(),
  files: z.array(
    z.object({
      path: z.string(),
      from: z.string().optional(),
      status: z.enum([
        'added',
        'modified',
        'deleted',
        'renamed',
        'copied',
        'type-changed',
        'conflicted',
        'untracked',
      ]),
      staged: z.boolean(),
    }),
  ),
  truncated: z.boolean(),
}) satisfies z.ZodType<GitStatusResponse>

export const GitDiffResponseSchema = z.object({
  diff: z.string(),
  truncated: z.boolean(),
}) satisfies z.ZodType<GitDiffResponse>

export const FileSearchResponseSchema = z.object({
  query: z.string(),
  kind: z.enum(['name', 'text']),
  matches: z.array(
    z.object({
      path: z.string(),
      type: FileSystemEntrySchema.shape.type.optional(),
      line: z.number().optional(),
      column: z.number().optional(),
      text: z.string().optional(),
    }),
  ),
  truncated: z.boolean(),
}) satisfies z.ZodType<FileSearchResponse>

export const WebhookDeliveriesResponseSchema = z.object({
  deliveries: z.array(
    z.object({
      id: z.string(),
      position: z.number(),
      webhookId: z.string(),
      eventId: z.string(),
      eventType: WebhookEventTypeSchema,
      state: z.enum(['waiting', 'sending', 'sent', 'dead']),
      attempts: z.number(),
      createdAt: z.string(),
      nextAt: z.string().nullable(),
      sentAt: z.string().nullable(),
      deadAt: z.string().nullable(),
      lastError: z.string().nullable(),
      lastStatus: z.number().nullable(),
    }),
  ),
}) satisfies z.ZodType<WebhookDeliveriesResponse>
