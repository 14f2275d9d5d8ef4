import { z } from 'zod';
import { ToolError } from '../errors';

/** The parts of the CLI's responses that this project reads. They are checked because their shape changes between releases. */
export const queryResponse = z.object({
  records: z.array(z.record(z.string(), z.unknown())),
  /** The number of records that match the query, whether returned or not. */
  totalSize: z.number(),
});
export type Row = z.infer<typeof queryResponse>['records'][number];

export const submitResponse = z.object({ id: z.string().regex(/^0Af\w{15}$/) });

const oneOrMany = <T extends z.ZodType>(item: T) =>
  z
    .union([z.array(item), item.transform((one) => [one])])
    .optional()
    .transform((items) => items ?? []);

const componentFailure = z.object({
  componentType: z.string().optional().catch(''),
  fullName: z.string().catch(''),
  problem: z.string().catch('Salesforce returned no reason.'),
  lineNumber: z.coerce.number().optional().catch(undefined),
});

const componentSuccess = z.object({ componentType: z.string().optional().catch(''), fullName: z.string().catch('') });

const testFailure = z.object({
  name: z.string().catch(''),
  methodName: z.string().catch(''),
  message: z.string().catch('Salesforce returned no reason.'),
  stackTrace: z.string().catch(''),
});

const classCoverage = z.object({
  name: z.string().catch(''),
  locationsNotCovered: oneOrMany(z.object({ line: z.coerce.number() })).catch([]),
});

/** Without a name, a warning is about all classes of the org. */
const coverageWarning = z.object({ name: z.string().optional().catch(undefined), message: z.string().catch('') });

/** The results of the Apex tests of a deploy job (Metadata API guide, RunTestsResult). */
const testResults = z.object({
  failures: oneOrMany(testFailure),
  codeCoverage: oneOrMany(classCoverage),
  codeCoverageWarnings: oneOrMany(coverageWarning),
});
export type ApexTestResults = z.infer<typeof testResults>;

const NO_TESTS: ApexTestResults = { failures: [], codeCoverage: [], codeCoverageWarnings: [] };

export const reportResponse = z.object({
  id: z.string(),
  status: z.string(),
  done: z.boolean(),
  success: z.boolean(),
  errorMessage: z.string().optional(),
  errorStatusCode: z.string().optional(),
  canceledByName: z.string().optional().catch(undefined),
  numberComponentsDeployed: z.number().catch(0),
  numberComponentsTotal: z.number().catch(0),
  details: z
    .object({
      componentFailures: oneOrMany(componentFailure),
      componentSuccesses: oneOrMany(componentSuccess),
      runTestResult: testResults.optional().catch(NO_TESTS),
    })
    .catch({ componentFailures: [], componentSuccesses: [] }),
});
export type DeployReport = z.infer<typeof reportResponse>;

export const retrieveResponse = z.object({
  status: z.string().optional(),
  errorMessage: z.string().optional(),
  messages: oneOrMany(z.object({ fileName: z.string().catch(''), problem: z.string() })),
});

export const requestResponse = z.object({ statusCode: z.number(), body: z.unknown() });

/** The Experience Cloud sites of an org (Connect REST API guide, Communities). */
export const sitesResponse = z.object({
  communities: z.array(z.object({ name: z.string(), templateName: z.string().nullish() })),
});

export const loginResponse = z.object({ username: z.string(), instanceUrl: z.url(), orgId: z.string().optional() });

/** The checked response. Throws `cli-bad-output` with the name of the command if it has another shape. */
export function parseResponse<T extends z.ZodType>(schema: T, value: unknown, command: string): z.infer<T> {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  throw new ToolError('cli-bad-output', {
    what: `The response of "sf ${command.replaceAll(':', ' ')}" has an unexpected shape.`,
    why: z.prettifyError(error).replace(/\s+/g, ' '),
    fix: 'Install the version of @salesforce/cli that package.json specifies: npm ci',
  });
}
