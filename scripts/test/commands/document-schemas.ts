import { z } from 'zod';
import { rotationShape } from '../../lib/rotation/rotation';

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
  part: z
    .enum(['configuration', 'endpoint', 'acceptance', 'rejection', 'consistency', 'certificate', 'traffic', 'runs'])
    .optional(),
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

/** The fields of the documents that `report` merges: it orders them by their time. */
const reportFields = { startedAt: z.iso.datetime(), ...resultFields };

/** Absent if no run started: a dry run, a plan that wasn't accepted, or invalid source. */
const runId = z.string().min(1).optional();

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

const runEntry = z.strictObject({
  id: z.string().min(1),
  startedAt: z.iso.datetime(),
  command: z.string().min(1),
  result: z.enum(['complete', 'incomplete', 'running']),
  orgs: z.array(
    z.strictObject({ alias: z.string(), orgId: z.string(), status: z.string().min(1), left: z.string().optional() }),
  ),
  resume: z.string().optional(),
  rollback: z.string().optional(),
});

const effectiveValue = z.strictObject({
  path: z.string().min(1),
  value: z.unknown(),
  file: z.string().min(1),
  line: z.int().min(1),
});

const orgKey = z.strictObject({
  org: z.string(),
  name: z.string(),
  kid: z.string().nullable(),
  thumbprint: z.string().nullable(),
  alg: z.string().nullable(),
  expiresAt: z.iso.datetime().nullable(),
  daysLeft: z.int().nullable(),
  active: z.boolean(),
  keysets: z.array(z.string()),
  orphaned: z.boolean(),
});

const writtenKey = z.strictObject({
  name: z.string(),
  file: z.string(),
  kid: z.string(),
  alg: z.string(),
  thumbprint: z.string(),
  expiresAt: z.iso.datetime(),
});

const proposedFile = z.strictObject({ path: z.string(), action: z.enum(['create', 'update']), text: z.string() });

const kit = z.strictObject({
  client: z.enum(['web', 'ios', 'android']),
  files: z.array(z.strictObject({ path: z.string().min(1), text: z.string() })),
  entries: z.array(z.strictObject({ place: z.string(), value: z.string(), status: z.string() })),
  gaps: z.array(z.strictObject({ mark: z.string(), what: z.string(), where: z.string() })),
  notes: z.array(z.string()),
});

const channelKits = z.strictObject({
  org: z.string(),
  orgId: z.string(),
  channel: z.string(),
  verified: z.boolean(),
  deployments: z.array(z.strictObject({ name: z.string(), type: z.string(), site: z.string().optional() })),
  runtime: z.string().optional(),
  allowed: z.array(z.string()),
  kits: z.array(kit),
});

const share = z.strictObject({ total: z.int().min(0), verified: z.int().min(0) });

const monitoredOrg = z.strictObject({
  alias: z.string(),
  status: org.shape.status,
  failed: z.array(z.string()),
  inconclusive: z.array(z.string()),
  traffic: z.array(
    z.strictObject({
      channel: z.string(),
      chatDeployments: z.array(z.string()),
      now: share,
      before: share,
      days: z.int(),
    }),
  ),
  expirations: z.array(
    z.strictObject({ kind: z.string(), name: z.string(), expiresAt: z.iso.datetime(), daysLeft: z.int() }),
  ),
});

const chainLink = z.strictObject({
  link: z.string(),
  state: z.enum(['passed', 'failed', 'inconclusive']),
  detail: z.string(),
  fix: z.string().optional(),
});

const orgExplanation = z.strictObject({
  alias: z.string(),
  channels: z.array(z.strictObject({ channel: z.string(), links: z.array(chainLink), broken: chainLink.optional() })),
  error: errorDetails.optional(),
});

const tokenInput = z.strictObject({
  kind: z.enum(['token', 'HTTP response', 'JSON', 'text']),
  isToken: z.boolean(),
  fingerprint: z.string().optional(),
  header: z.record(z.string(), z.unknown()).optional(),
  claims: z.record(z.string(), z.unknown()).optional(),
});

const symptom = z.strictObject({ name: z.string(), cause: z.string(), fix: z.string(), source: z.string() });

const listedExperiment = z.strictObject({
  id: z.string(),
  question: z.string(),
  answers: z.record(z.string(), z.string()),
  source: z.string(),
  method: z.string(),
  writes: z.array(z.string()),
  needs: z.string().optional(),
});

const experimentResult = z.strictObject({
  id: z.string(),
  question: z.string(),
  status: z.enum(['answered', 'inconclusive', 'skipped']),
  answer: z.string().optional(),
  observation: z.string(),
  assumed: z.string(),
});

const conflict = z.strictObject({ id: z.string(), answers: z.record(z.string(), z.array(z.string())) });

const namedCheck = z.strictObject({ name: z.string(), ok: z.boolean(), detail: z.string() });

/** Schemas of the JSON documents. They are strict, because other programs depend on the documents. */
export const documentSchemas = {
  check: z.strictObject({ command: z.literal('check'), ...reportFields }),
  plan: z.strictObject({ command: z.literal('plan'), ...reportFields, orgs: z.array(org) }),
  deploy: z.strictObject({ command: z.literal('deploy'), ...reportFields, run: runId, orgs: z.array(org) }),
  rollback: z.strictObject({ command: z.literal('rollback'), ...reportFields, run: runId, orgs: z.array(org) }),
  verify: z.strictObject({ command: z.literal('verify'), ...reportFields, orgs: z.array(org) }),
  status: z.strictObject({ command: z.literal('status'), ...reportFields, orgs: z.array(org), matrix }),
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
  report: z.strictObject({ command: z.literal('report'), ...reportFields, orgs: z.array(org) }),
  'post-refresh': z.strictObject({
    command: z.literal('post-refresh'),
    ...reportFields,
    run: runId,
    orgs: z.array(org),
  }),
  'plan --matrix': z.strictObject({
    command: z.literal('plan'),
    ...resultFields,
    jobs: z.strictObject({
      include: z.array(z.strictObject({ name: z.string(), wave: z.int().min(1), args: z.string() })),
    }),
  }),
  runs: z.strictObject({
    command: z.literal('runs'),
    ...resultFields,
    runs: z.array(runEntry),
    unreadable: z.array(z.strictObject({ id: z.string(), why: z.string() })),
  }),
  config: z.strictObject({
    command: z.literal('config'),
    ...resultFields,
    config: z.array(z.strictObject({ alias: z.string(), file: z.string(), values: z.array(effectiveValue) })),
  }),
  import: z.strictObject({
    command: z.literal('import'),
    ...resultFields,
    orgs: z.array(org),
    written: z.boolean(),
    files: z.array(proposedFile),
  }),
  login: z.strictObject({
    command: z.literal('login'),
    ...resultFields,
    aliases: z.array(z.string()),
    failed: z.array(z.strictObject({ alias: z.string(), error: errorDetails })),
  }),
  monitor: z.strictObject({
    command: z.literal('monitor'),
    ...reportFields,
    orgs: z.array(org),
    monitor: z.strictObject({ at: z.iso.datetime(), since: z.iso.datetime(), orgs: z.array(monitoredOrg) }),
  }),
  calibrate: z.strictObject({
    command: z.literal('calibrate'),
    ...resultFields,
    org: z.strictObject({ alias: z.string(), kind: z.string(), apiVersion: z.string() }).optional(),
    results: z.array(experimentResult),
    conflicts: z.array(conflict).optional(),
    evidence: z.string().optional(),
  }),
  'calibrate --list': z.strictObject({
    command: z.literal('calibrate'),
    ...resultFields,
    experiments: z.array(listedExperiment).min(1),
  }),
  'client-kit': z.strictObject({
    command: z.literal('client-kit'),
    ...resultFields,
    orgs: z.array(
      z.strictObject({ alias: z.string(), orgId: z.string(), kind: z.string(), channels: z.array(channelKits) }),
    ),
  }),
  'token explain': z.strictObject({
    command: z.literal('token explain'),
    ...resultFields,
    input: tokenInput,
    symptoms: z.array(symptom),
    orgs: z.array(orgExplanation),
    view: z.enum(['source', 'org']),
  }),
  'token mint': z.strictObject({
    command: z.literal('token mint'),
    ...resultFields,
    token: z.string(),
    header: z.record(z.string(), z.string()),
    claims: z.record(z.string(), z.union([z.string(), z.int()])),
    fingerprint: z.string(),
  }),
  'keys list': z.strictObject({
    command: z.literal('keys list'),
    ...resultFields,
    orgs: z.array(org),
    keys: z.array(orgKey),
  }),
  'keys new': z.strictObject({ command: z.literal('keys new'), ...resultFields, key: writtenKey }),
  'keys import': z.strictObject({ command: z.literal('keys import'), ...resultFields, key: writtenKey }),
  'keys jwks': z.strictObject({
    command: z.literal('keys jwks'),
    ...resultFields,
    jwks: z.strictObject({ keys: z.array(z.record(z.string(), z.union([z.string(), z.array(z.string())]))) }),
    headers: z.record(z.string(), z.string()),
  }),
  'keys provider': z.strictObject({
    command: z.literal('keys provider'),
    ...resultFields,
    provider: z.strictObject({
      url: z.string(),
      issuer: z.string(),
      jwksUri: z.string(),
      algorithms: z.array(z.string()),
      pairwiseSubjects: z.boolean(),
    }),
    checks: z.array(namedCheck),
    problems: z.array(z.string()),
    warnings: z.array(z.string()),
  }),
  'keys check-endpoint': z.strictObject({
    command: z.literal('keys check-endpoint'),
    ...resultFields,
    endpoints: z.array(
      z.strictObject({
        endpoint: z.string(),
        orgs: z.array(z.string()),
        checks: z.array(namedCheck),
        unreachable: z.literal(true).optional(),
      }),
    ),
  }),
  'keys rotate': z.strictObject({
    command: z.string().regex(/^keys rotate [a-z]+$/),
    ...resultFields,
    orgs: z.array(org),
    rotation: rotationShape,
    targets: z.array(
      z.strictObject({
        target: z.strictObject({ name: z.string(), wave: z.int().min(1) }),
        result: z.string(),
        error: errorDetails.optional(),
      }),
    ),
    stage: z.enum(['staging', 'staged', 'switched', 'retiring', 'retired', 'done']),
    error: errorDetails.extend({ earliest: z.iso.datetime().optional() }).optional(),
  }),
  'keys rotate --dry-run': z.strictObject({
    command: z.string().regex(/^keys rotate [a-z]+$/),
    ...resultFields,
    orgs: z.array(org),
  }),
  'keys rotate status': z.strictObject({
    command: z.literal('keys rotate status'),
    ...resultFields,
    rotations: z.array(rotationShape),
  }),
  completion: z.strictObject({ command: z.literal('completion'), ...resultFields, script: z.string().min(1) }),
  /** A server prints its document when it is ready, and a load test has no findings. */
  'local-org': z.strictObject({
    command: z.literal('local-org'),
    orgs: z.array(
      z.strictObject({ alias: z.string(), orgId: z.string(), kind: z.string(), url: z.url(), username: z.string() }),
    ),
  }),
  'demo-site': z.strictObject({ command: z.literal('demo-site'), url: z.url(), org: z.url() }),
  'token-server': z.strictObject({
    command: z.literal('token-server'),
    url: z.url(),
    issuer: z.string(),
    kid: z.string(),
    alg: z.string(),
    customers: z.array(z.string()),
    exchange: z
      .strictObject({ issuer: z.string(), jwksUri: z.string(), audience: z.string(), subjectClaim: z.string() })
      .optional(),
  }),
  'load-test': z.strictObject({
    command: z.literal('load-test'),
    rate: z.int(),
    seconds: z.int(),
    rateReached: z.boolean(),
    summary: z.strictObject({
      requests: z.int(),
      wrong: z.int(),
      rate: z.number(),
      p50: z.number(),
      p99: z.number(),
      max: z.number(),
    }),
  }),
  /** Document of a command that couldn't start. */
  stopped: z.strictObject({
    command: z.string(),
    startedAt: z.iso.datetime().optional(),
    ...resultFields,
    error: errorDetails,
  }),
  /** Properties that the document of any command can have. */
  any: z.strictObject({
    command: z.string(),
    startedAt: z.iso.datetime().optional(),
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

/**
 * Parses the document of any command with the schema of the command. Some flags change the document: a schema whose name has
 * such a flag behind the command fits it instead.
 */
export function parseDocument(text: string): unknown {
  const document = JSON.parse(text) as { readonly command: string };
  const { command } = document;
  const name = command.startsWith('keys rotate') && command !== 'keys rotate status' ? 'keys rotate' : command;
  const schemas = Object.entries(documentSchemas).filter(([key]) => key === name || key.startsWith(`${name} --`));
  if (schemas.length === 0) throw new Error(`No schema for ${command}`);
  return z.union(schemas.map(([, schema]) => schema)).parse(document);
}
