import { z } from 'zod';
import { parseKey, isComponentType, isSafeTokenUrl, ORG_KINDS, sfCommand, SIGNER_TYPES } from '../model';
import { toOrgId18 } from './org-id';
import { duplicateSites, siteOrigin, siteProblem, SITE_PATTERN } from './site-origin';

const componentNameSchema = z
  .string()
  .regex(/^[A-Za-z]+:[A-Za-z]\w*$/, 'must be a component as Type:Name, e.g. "Queue:Customer_Chat"')
  .describe('A component as Type:Name, such as "Queue:Customer_Chat".');

const orgIdSchema = z
  .string()
  .refine((id) => toOrgId18(id) === id, {
    error: ({ input }) => {
      const fullId = toOrgId18(String(input));
      return fullId
        ? `must be the 18-character org ID "${fullId}"`
        : `must be an 18-character org ID (00D...) with a valid checksum. Copy it from: ${sfCommand('org', 'display', '--target-org', 'ALIAS')}`;
    },
  })
  .describe(
    `The 18-character ID of the org, from ${sfCommand('org', 'display')}. Commands refuse an org with another ID.`,
  );

/** Tokens are sent to this URL, so it must use HTTPS. A local org uses HTTP on loopback. */
const scrt2UrlSchema = z
  .string()
  .refine(isSafeTokenUrl, {
    error: 'must be an HTTPS URL without a path, e.g. "https://example.my.salesforce-scrt.com"',
  })
  .describe(
    'SCRT2 URL of the org (host of the Enhanced Chat API). Default: derived from the My Domain URL of the login.',
  );

/** The types that can be trusted. */
const TRUSTED_TYPES = ['PublicKeyCertificate', 'PublicKeyCertificateSet', 'MessagingChannel'];

/** The types that can be turned off or deleted. */
const RETIRABLE_TYPES = [...TRUSTED_TYPES, 'EmbeddedServiceConfig'];

const acceptedTrustSchema = z.strictObject({
  component: componentNameSchema
    .refine(
      (name) => [...TRUSTED_TYPES, ...SIGNER_TYPES].includes(parseKey(name).type),
      `must be a PublicKeyCertificate (in any keyset), a PublicKeyCertificateSet (on any channel), a MessagingChannel, or a signer: ${SIGNER_TYPES.join(', ')}`,
    )
    .describe(
      'The key, keyset, or channel that is trusted, such as "PublicKeyCertificate:Legacy", or the Apex or credential that signs with a certificate of the org.',
    ),
  keys: z
    .array(
      z
        .string()
        .regex(
          /^([A-Za-z0-9_-]{43}|https:\/\/\S+)$/,
          'must be the RFC 7638 thumbprint of a key or the SHA-256 of a signer (43 characters), or the https URL of a JWKS endpoint',
        ),
      'must list the accepted keys by thumbprint or endpoint URL',
    )
    .min(1, 'must name at least one key')
    .describe(
      'The accepted keys: RFC 7638 thumbprints of uploaded keys, and URLs of JWKS endpoints. import writes them. A key that is added later is not accepted. For a signer: its SHA-256, as verify prints it.',
    ),
  issuers: z
    .array(z.string().min(1))
    .min(1, 'must name at least one issuer')
    .optional()
    .describe(
      'The accepted issuers, for a keyset or channel: the exact values of iss. import writes them. Default: any issuer.',
    ),
  reason: z.string().trim().min(1, 'must say why the org trusts it').describe('Why the org trusts it.'),
  until: z.iso
    .date('must be a date such as "2027-06-30"')
    .optional()
    .describe('The last day (UTC) of the acceptance. After it, the trust is drift. Default: no end.'),
});

const developerNameSchema = z.string().regex(/^[A-Za-z]\w*$/, 'must be a developer name, e.g. "Customer_Identity_UAT"');

const memberSiteSchema = z.strictObject({
  key: developerNameSchema.describe(
    'Developer name of the key that verifies the tokens. It was imported from the certificate.',
  ),
  certificate: developerNameSchema.describe(
    'Unique name of the certificate that signs the tokens, from Setup, Certificate and Key Management.',
  ),
  subjectField: z
    .string()
    .regex(/^[A-Za-z]\w*$/, 'must be the API name of a User field, e.g. "FederationIdentifier"')
    .optional()
    .describe('API name of the User field that is the subject of a token. Default: the one in the record in source.'),
  runTests: z
    .boolean()
    .optional()
    .describe('Whether a deploy runs the Apex tests of the member site. Default: only in a production org.'),
});

const acceptedRuleSchema = z.strictObject({
  rule: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be the ID of a rule, e.g. "shared-endpoint"')
    .describe('The ID of the rule, as reports show it.'),
  reason: z.string().trim().min(1, 'must say why the finding is accepted').describe('Why the team accepts it.'),
  until: z.iso
    .date('must be a date such as "2027-06-30"')
    .optional()
    .describe('The last day (UTC) of the acceptance. Default: no end.'),
});

/** Salesforce compares an origin with the one that a browser sends, so only that spelling allows a page. */
const siteSchema = z
  .string()
  .refine((site) => siteOrigin(site) === site, { error: ({ input }) => siteProblem(String(input)) })
  .meta({ pattern: SITE_PATTERN.source });

/** The shape of config/orgs/<alias>.json. Editors get it as config/org.schema.json. */
export const orgFileSchema = z.strictObject({
  $schema: z.string().optional(),
  orgId: orgIdSchema,
  kind: z
    .enum(ORG_KINDS)
    .default('production')
    .describe('Kind of the org. Default: production. Commands check whether the org is a production org.'),
  wave: z
    .int()
    .min(1)
    .default(1)
    .describe('Wave of the org. A wave starts after every org in the previous wave succeeds. Default: 1.'),
  channels: z
    .array(z.string().regex(/^[A-Za-z]\w*$/, 'must be the developer name of a channel, e.g. "Web_Chat"'))
    .min(1)
    .describe(
      'Developer names of the messaging channels of this org. Referenced keysets, keys, queues, and chat deployments follow.',
    ),
  scrt2URL: scrt2UrlSchema.optional(),
  inactive: z
    .array(z.string())
    .default([])
    .describe('Channels that a deploy does not activate. A deploy activates every other channel.'),
  include: z
    .array(
      componentNameSchema.refine(
        (name) => isComponentType(parseKey(name).type),
        "has a type that this project doesn't deploy",
      ),
    )
    .default([])
    .describe('Components that no channel references, such as "CorsWhitelistOrigin:Customer_Site".'),
  sites: z
    .array(siteSchema)
    .superRefine((sites, context) =>
      duplicateSites(sites).forEach((index) =>
        context.addIssue({
          code: 'custom',
          path: [index],
          message: 'is the origin of an earlier site. Remove one of them',
        }),
      ),
    )
    .default([])
    .describe(
      'Origins of the pages with chat, such as "https://shop.example.com". Each becomes a CORS allowed origin and a Trusted URL of the org.',
    ),
  existing: z
    .array(componentNameSchema)
    .default([])
    .describe(
      'Components that the org contains and the source does not, such as "Queue:Service_Chat". They are not deployed.',
    ),
  alsoTrusted: z
    .array(acceptedTrustSchema)
    .default([])
    .describe(
      'Trust that this org has in addition to what source declares. Everything else that the org trusts is drift, and a deploy revokes it.',
    ),
  endpointKeys: z
    .record(
      z.string().regex(/^[A-Za-z]\w*$/, 'must be the developer name of a keyset, e.g. "Customer_Identity_Endpoint"'),
      z.array(z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'must be the RFC 7638 thumbprint of a key (43 characters)')),
    )
    .optional()
    .describe(
      'The keys that the JWKS endpoint of a keyset may serve: RFC 7638 thumbprints by developer name of the keyset. verify and monitor fail if the endpoint serves another key.',
    ),
  memberSite: memberSiteSchema
    .nullable()
    .optional()
    .describe(
      'Deploys the member site (package directory member-site) to this org: Apex, component, labels, and the signer record of the org.',
    ),
  accept: z
    .array(acceptedRuleSchema)
    .default([])
    .describe(
      'Findings that the team accepts in this org, by rule: any warning, and the errors shared-endpoint and shared-key. Reports show them with the reason.',
    ),
  retired: z
    .array(
      componentNameSchema.refine(
        (name) => RETIRABLE_TYPES.includes(parseKey(name).type),
        `must be one of these types: ${RETIRABLE_TYPES.join(', ')}`,
      ),
    )
    .default([])
    .describe(
      'Components that this org no longer uses, such as "MessagingChannel:Old". A deploy turns them off, and deletes keysets and keys that nothing uses.',
    ),
  overrides: z
    .record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown())))
    .default({})
    .describe(
      'Values that differ in this org: type, developer name, then elements with their Metadata API names. null removes an element from the desired state.',
    ),
});

export type OrgFile = z.infer<typeof orgFileSchema>;
