import { z } from 'zod';

const finding = z.strictObject({
  rule: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  severity: z.enum(['error', 'warning', 'note']),
  component: z.string(),
  path: z.string(),
  file: z.string(),
  line: z.int().min(0),
  message: z.string().min(1),
  fix: z.string().min(1),
});

const change = z.strictObject({
  component: z.string().regex(/^[A-Z]\w+:\S+$/),
  action: z.enum(['create', 'update', 'delete']),
  path: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  impact: z.enum(['none', 'visible', 'disruptive']),
  effect: z.string(),
});

const errorDetails = z.strictObject({
  code: z.string().regex(/^[a-z]+(-[a-z]+)*$/),
  what: z.string().min(1),
  why: z.string().min(1),
  fix: z.string().min(1),
});

const check = z.strictObject({
  name: z.string(),
  ok: z.boolean(),
  detail: z.string(),
  state: z.enum(['passed', 'failed', 'inconclusive']).optional(),
  part: z.enum(['configuration', 'endpoint', 'acceptance', 'rejection', 'consistency']).optional(),
  channel: z.string().optional(),
  chatDeployment: z.string().optional(),
  tolerated: z.string().optional(),
});

const verificationScope = z.strictObject({
  verifiedChannels: z.int().min(0),
  unverifiedChannels: z.int().min(0),
  inactiveChannels: z.int().min(0),
  chatDeployments: z.int().min(0),
  unmanaged: z.array(z.string()).optional(),
  readFrom: z.iso.datetime().optional(),
  readTo: z.iso.datetime().optional(),
});

const org = z.strictObject({
  alias: z.string(),
  orgId: z.string().regex(/^00D\w{15}$/),
  kind: z.enum(['production', 'sandbox', 'scratch', 'developer']),
  wave: z.int().min(1),
  status: z.enum(['unchanged', 'planned', 'changed', 'failed', 'skipped', 'unreachable', 'unknown']),
  changes: z.array(change),
  deployIds: z.array(z.string().regex(/^0Af\w{15}$/)),
  checks: z.array(check),
  verified: verificationScope.optional(),
  error: errorDetails.optional(),
});

const cell = z.strictObject({ live: z.string().nullable(), desired: z.string().nullable(), drift: z.boolean() });

const matrix = z.strictObject({
  columns: z.array(z.strictObject({ alias: z.string(), kind: z.string(), reached: z.boolean() })),
  rows: z.array(z.strictObject({ component: z.string(), setting: z.string(), cells: z.array(cell) })),
});

const resultFields = { exitCode: z.int().min(0).max(4), findings: z.array(finding) };

const checkup = z.strictObject({
  topic: z.string().min(1),
  title: z.string().min(1),
  status: z.enum(['passed', 'skipped', 'failed']),
  detail: z.string().min(1),
  fix: z.string().min(1).optional(),
});

const explanation = z.strictObject({
  code: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  kind: z.enum(['error', 'finding']),
  severity: z.enum(['error', 'warning', 'note']).optional(),
  cause: z.string().min(1),
  example: z.string().min(1),
  fix: z.string().min(1),
  source: z.string().min(1).optional(),
});

const commandSummary = z.strictObject({ name: z.string(), topic: z.string(), summary: z.string().min(1) });

/** Schemas of the JSON documents. They are strict, because other programs depend on the documents. */
export const documentSchemas = {
  check: z.strictObject({ command: z.literal('check'), ...resultFields }),
  plan: z.strictObject({ command: z.literal('plan'), ...resultFields, orgs: z.array(org) }),
  deploy: z.strictObject({ command: z.literal('deploy'), ...resultFields, orgs: z.array(org) }),
  rollback: z.strictObject({ command: z.literal('rollback'), ...resultFields, orgs: z.array(org) }),
  verify: z.strictObject({ command: z.literal('verify'), ...resultFields, orgs: z.array(org) }),
  status: z.strictObject({ command: z.literal('status'), ...resultFields, orgs: z.array(org), matrix }),
  doctor: z.strictObject({ command: z.literal('doctor'), ...resultFields, checks: z.array(checkup).min(1) }),
  /** `setup channel` and `setup keyset` run no checks. */
  setup: z.strictObject({
    command: z.literal('setup'),
    ...resultFields,
    checks: z.array(checkup).optional(),
    files: z.array(z.string()),
    written: z.boolean(),
  }),
  explain: z.strictObject({ command: z.literal('explain'), ...resultFields, codes: z.array(explanation).min(1) }),
  help: z.strictObject({ command: z.literal('help'), ...resultFields, commands: z.array(commandSummary).min(1) }),
  /** Document of a command that couldn't start. */
  stopped: z.strictObject({ command: z.string(), ...resultFields, error: errorDetails }),
  /** Properties that the document of any command can have. */
  any: z.strictObject({
    command: z.string(),
    ...resultFields,
    orgs: z.array(org).optional(),
    matrix: matrix.optional(),
    error: errorDetails.optional(),
  }),
};

/** Document of a command that reads orgs. Only `status` adds the matrix. */
export type CommandDocument = z.infer<
  | typeof documentSchemas.plan
  | typeof documentSchemas.deploy
  | typeof documentSchemas.rollback
  | typeof documentSchemas.verify
  | typeof documentSchemas.status
>;
export type OrgDocument = CommandDocument['orgs'][number];
