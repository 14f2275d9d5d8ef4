import { z } from 'zod';
import { EXIT, type ExitCode } from '../errors';
import {
  ORG_KINDS,
  type Change,
  type Check,
  type ComponentKey,
  type ErrorDetails,
  type Finding,
  type OrgResult,
  type VerificationScope,
} from '../model';

/** The parts of a document that a merged report needs: which command ran when and how it ended, the findings, and the result of each org. */
export interface JobDocument {
  readonly command: string;
  readonly startedAt: string;
  readonly exitCode: ExitCode;
  readonly findings: readonly Finding[];
  /** Empty if the command ended before it read an org. */
  readonly orgs: readonly OrgResult[];
  /** The error that ended the command. */
  readonly error?: ErrorDetails;
}

const text = z.string();
const component = z.custom<ComponentKey>((value) => typeof value === 'string');

/** The schema of a type. A member that the type gets later and the schema doesn't have fails the build: a report would drop it. */
const schemaOf =
  <T>() =>
  <Shape extends Readonly<Record<keyof T, z.ZodType>>>(shape: Shape) =>
    z.object(shape);

const finding = schemaOf<Finding>()({
  rule: text,
  severity: z.enum(['error', 'warning', 'note']),
  component: text,
  path: text,
  file: text,
  line: z.number(),
  message: text,
  fix: text,
});

const change = schemaOf<Change>()({
  component,
  path: text,
  action: z.enum(['create', 'update', 'delete']),
  from: text.nullable(),
  to: text.nullable(),
  impact: z.enum(['none', 'visible', 'disruptive']),
  effect: text,
});

const check = schemaOf<Check>()({
  name: text,
  ok: z.boolean(),
  detail: text,
  state: z.enum(['passed', 'failed', 'inconclusive']).optional(),
  part: text.optional(),
  channel: text.optional(),
  chatDeployment: text.optional(),
  tolerated: text.optional(),
});

const fault = schemaOf<ErrorDetails>()({ code: text, what: text, why: text, fix: text });

const scope = schemaOf<VerificationScope>()({
  verifiedChannels: z.number(),
  unverifiedChannels: z.number(),
  inactiveChannels: z.number(),
  chatDeployments: z.number(),
  unmanaged: z.array(component).optional(),
  readFrom: z.iso.datetime().optional(),
  readTo: z.iso.datetime().optional(),
});

const org = schemaOf<OrgResult>()({
  alias: text,
  orgId: text,
  kind: z.enum(ORG_KINDS),
  wave: z.number(),
  status: z.enum(['unchanged', 'planned', 'changed', 'failed', 'skipped', 'unreachable', 'unknown']),
  changes: z.array(change),
  deployIds: z.array(text),
  checks: z.array(check),
  verified: scope.optional(),
  error: fault.optional(),
  findings: z.array(finding).optional(),
});

const jobDocument = schemaOf<JobDocument>()({
  command: text,
  startedAt: z.iso.datetime(),
  exitCode: z.literal(Object.values(EXIT)),
  findings: z.array(finding),
  orgs: z.array(org).default([]),
  error: fault.optional(),
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
