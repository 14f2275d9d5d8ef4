import { z } from 'zod';
import { ORG_KINDS, type ComponentKey, type Finding, type OrgResult } from '../model';

/** The parts of a document that a merged report needs: which command ran when, the findings, and the result of each org. */
export interface JobDocument {
  readonly command: string;
  readonly startedAt: string;
  readonly findings: readonly Finding[];
  readonly orgs: readonly OrgResult[];
}

const text = z.string();

const finding = z.object({
  rule: text,
  severity: z.enum(['error', 'warning', 'note']),
  component: text,
  path: text,
  file: text,
  line: z.number(),
  message: text,
  fix: text,
});

const change = z.object({
  component: z.custom<ComponentKey>((value) => typeof value === 'string'),
  path: text,
  action: z.enum(['create', 'update', 'delete']),
  from: text.nullable(),
  to: text.nullable(),
  impact: z.enum(['none', 'visible', 'disruptive']),
  effect: text,
});

const check = z.object({
  name: text,
  ok: z.boolean(),
  detail: text,
  state: z.enum(['passed', 'failed', 'inconclusive']).optional(),
  part: text.optional(),
  channel: text.optional(),
});

const fault = z.object({ code: text, what: text, why: text, fix: text });

const org = z.object({
  alias: text,
  orgId: text,
  kind: z.enum(ORG_KINDS),
  wave: z.number(),
  status: z.enum(['unchanged', 'planned', 'changed', 'failed', 'skipped', 'unreachable', 'unknown']),
  changes: z.array(change),
  deployIds: z.array(text),
  checks: z.array(check),
  error: fault.optional(),
});

const jobDocument = z.object({
  command: text,
  startedAt: z.iso.datetime(),
  findings: z.array(finding),
  orgs: z.array(org),
});

/**
 * Parses the document of another job. Returns undefined for any other text and for a truncated document: an unknown result must not
 * count as a success.
 */
export function parseJobDocument(text: string): JobDocument | undefined {
  try {
    return jobDocument.safeParse(JSON.parse(text)).data as JobDocument | undefined;
  } catch {
    return undefined;
  }
}
