import { z } from 'zod';
import { parseKey, isComponentType, isSafeTokenUrl, ORG_KINDS } from '../model';
import { toOrgId18 } from './org-id';

const componentNameSchema = z
  .string()
  .regex(/^[A-Za-z]+:[A-Za-z]\w*$/, 'must name a component as Type:Name, e.g. "Queue:Customer_Chat"')
  .describe('A component as Type:Name, e.g. "Queue:Customer_Chat".');

const orgIdSchema = z
  .string()
  .refine((id) => toOrgId18(id) === id, {
    error: ({ input }) => {
      const fullId = toOrgId18(String(input));
      return fullId
        ? `must be the 18-character id, which is "${fullId}"`
        : 'must be the 18-character id of an org, which starts with 00D and ends as the rest of it tells: copy it from "sf org display"';
    },
  })
  .describe('The 18-character id of the org, from "sf org display". A deployment to any other org is refused.');

/** Whatever is sent there may be a token, so the way has to be safe; loopback is what a local org has. */
const scrt2UrlSchema = z
  .string()
  .refine(isSafeTokenUrl, {
    error: 'must be an https address without a path, e.g. "https://example.my.salesforce-scrt.com"',
  })
  .describe(
    'Where the messaging runtime of the org answers, for verify. Left out, it follows from the My Domain of the login.',
  );

/** The shape of config/orgs/<alias>.json. Editors get it as config/org.schema.json. */
export const orgFileSchema = z.strictObject({
  $schema: z.string().optional(),
  orgId: orgIdSchema,
  kind: z
    .enum(ORG_KINDS)
    .default('production')
    .describe('What the org is. Checked against the org; left out, it counts as production.'),
  wave: z.int().min(1).default(1).describe('Orgs of wave 1 are deployed first, then those of wave 2, and so on.'),
  channels: z
    .array(z.string().regex(/^[A-Za-z]\w*$/, 'must be the developer name of a channel, e.g. "Web_Chat"'))
    .min(1)
    .describe(
      'Developer names of the channels this org gets. Keysets, keys, queues and deployments follow by reference.',
    ),
  scrt2URL: scrt2UrlSchema.optional(),
  inactive: z
    .array(z.string())
    .default([])
    .describe('Channels of this org that are not to be activated, e.g. while a site is being prepared. Others are.'),
  include: z
    .array(
      componentNameSchema.refine(
        (name) => isComponentType(parseKey(name).type),
        'names a type that this project does not deploy',
      ),
    )
    .default([])
    .describe('Components that no channel references, e.g. "CorsWhitelistOrigin:Customer_Site".'),
  existing: z
    .array(componentNameSchema)
    .default([])
    .describe(
      'Components that are in the org but not in the source, e.g. "Queue:Service_Chat". They are referenced, never deployed.',
    ),
  overrides: z
    .record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown())))
    .default({})
    .describe(
      'What differs in this org: type, developer name, then elements as Salesforce names them. null removes an element.',
    ),
});

export type OrgFile = z.infer<typeof orgFileSchema>;
