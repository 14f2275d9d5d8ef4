import { z } from 'zod';

/** The one JSON document of every command, as the README promises it; a member more or less is another contract. */
const finding = z.strictObject({
  rule: z.string().regex(/^[a-z0-9-]+$/),
  severity: z.enum(['error', 'warning', 'info']),
  component: z.string(),
  path: z.string(),
  file: z.string(),
  line: z.int().min(0),
  message: z.string().min(1),
  fix: z.string().min(1),
});

const change = z.strictObject({
  component: z.string().regex(/^\w+:.+$/),
  action: z.enum(['create', 'update', 'delete']),
  path: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  impact: z.enum(['none', 'notice', 'disruptive']),
  effect: z.string(),
});

const fault = z.strictObject({
  code: z.string().regex(/^[a-z-]+$/),
  what: z.string().min(1),
  why: z.string().min(1),
  fix: z.string().min(1),
});

const org = z.strictObject({
  alias: z.string(),
  orgId: z.string().length(18),
  kind: z.enum(['production', 'sandbox', 'scratch', 'developer']),
  wave: z.int().min(1),
  outcome: z.enum(['unchanged', 'planned', 'changed', 'failed', 'skipped', 'unreachable', 'unknown']),
  changes: z.array(change),
  deployIds: z.array(z.string()),
  checks: z.array(z.strictObject({ name: z.string(), ok: z.boolean(), detail: z.string() })),
  error: fault.optional(),
});

const cell = z.strictObject({ live: z.string().nullable(), desired: z.string().nullable(), drift: z.boolean() });

const matrix = z.strictObject({
  columns: z.array(z.strictObject({ alias: z.string(), kind: z.string(), reached: z.boolean() })),
  rows: z.array(z.strictObject({ component: z.string(), setting: z.string(), cells: z.array(cell) })),
});

export const documentShape = z.strictObject({
  command: z.string(),
  exitCode: z.int().min(0).max(4),
  findings: z.array(finding),
  orgs: z.array(org).optional(),
  matrix: matrix.optional(),
  error: fault.optional(),
});
