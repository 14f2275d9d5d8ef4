import { z } from 'zod';
import {
  DEPLOYED_TYPES,
  isDeveloperName,
  isSafeTokenUrl,
  ORG_KINDS,
  type ComponentKey,
  type SignerKey,
} from '../model';

const COMPONENT_KEY = new RegExp(`^(${DEPLOYED_TYPES.join('|')}):[\\w.%-]+$`);

const key = z.custom<ComponentKey>(
  (value) => typeof value === 'string' && COMPONENT_KEY.test(value),
  'This is not a component.',
);
/** What an org file can accept: also Apex and credentials that aren't deployed. */
const signer = z.custom<SignerKey>(
  (value) => typeof value === 'string' && /^[A-Za-z]+:[\w.%-]+$/.test(value),
  'This is not a component.',
);
const name = z.string().refine(isDeveloperName, 'This is not a developer name.');

/** Metadata is stored as lines, so that reviewers can read and compare it. null means that the component doesn't exist. */
const orgState = z.strictObject({
  partial: z.boolean(),
  channels: z.record(name, z.boolean()),
  components: z.record(key, z.array(z.string()).nullable()),
});

/** The trust of an org at the end of a run. */
const trustRecord = z.strictObject({
  recordedAt: z.iso.datetime(),
  channels: z.record(name, z.boolean()),
  components: z.record(key, z.array(z.string())),
});

const change = z.strictObject({
  component: key,
  action: z.enum(['create', 'update', 'delete']),
  path: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  impact: z.enum(['none', 'visible', 'disruptive']),
  effect: z.string(),
});

const org = z.strictObject({
  alias: z.string().regex(/^[A-Za-z0-9][\w.@-]*$/),
  orgId: z.string().regex(/^00D\w{15}$/),
  kind: z.enum(ORG_KINDS),
  wave: z.int().min(1),
  file: z.string(),
  scrt2URL: z.string().refine(isSafeTokenUrl, 'This is not an HTTPS URL without a path.').optional(),
  channels: z.array(name).optional(),
  alsoTrusted: z
    .array(
      z.strictObject({
        component: signer,
        keys: z.array(z.string()),
        issuers: z.array(z.string()).optional(),
        reason: z.string(),
        until: z.string().optional(),
      }),
    )
    .optional(),
  changes: z.array(change),
  to: orgState,
  publish: z.array(name),
  /** Not read. Snapshots of earlier versions have it. */
  revoked: z.array(name).optional(),
  trustBefore: trustRecord.optional(),
  tests: z.array(name).default([]),
  from: orgState,
  fingerprint: z.string(),
});

const unplannedOrg = z.strictObject({
  ...org.pick({ alias: true, orgId: true, kind: true, wave: true }).shape,
  error: z.strictObject({ code: z.string(), what: z.string(), why: z.string(), fix: z.string() }),
});

/** The JSON of the trust that a run left in an org. */
export const trustFileJson = z.strictObject({
  kind: z.literal('trust'),
  version: z.literal(1),
  orgId: org.shape.orgId,
  ...trustRecord.shape,
});

/** The JSON of a saved plan or a snapshot. A snapshot contains one org. Reviewers find the changes first. */
export const planFileJson = z.strictObject({
  kind: z.enum(['plan', 'snapshot']),
  version: z.literal(1),
  createdAt: z.iso.datetime(),
  tool: z.string(),
  apiVersion: z.string().regex(/^\d{2,3}\.0$/),
  orgs: z.array(org),
  unplanned: z.array(unplannedOrg),
});

export type PlanFileJson = z.infer<typeof planFileJson>;
export type PlanFileOrgJson = PlanFileJson['orgs'][number];
export type OrgStateJson = z.infer<typeof orgState>;
export type TrustRecordJson = z.infer<typeof trustRecord>;
export type TrustFileJson = z.infer<typeof trustFileJson>;
