import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Finding } from '../../../lib/model';
import { loadProject } from '../../../lib/project';
import { publicJwk, NOW, keyPair } from '../jwk/test-keys';

/** The files of a project, by path. */
export type Files = Readonly<Record<string, string>>;

/** Replacements in one file, or its whole text. */
export type Edit = readonly (readonly [from: string, to: string])[] | string;
export type Edits = Readonly<Record<string, Edit>>;

const APP = 'force-app/main/default';

/** Short names of the files that the tests edit. */
export const FILE = {
  project: 'sfdx-project.json',
  dev: 'config/orgs/dev.json',
  prod: 'config/orgs/prod.json',
  web: `${APP}/messagingChannels/Web.messagingChannel-meta.xml`,
  mobile: `${APP}/messagingChannels/Mobile.messagingChannel-meta.xml`,
  spareChannel: `${APP}/messagingChannels/Spare.messagingChannel-meta.xml`,
  guest: `${APP}/messagingChannels/Guest.messagingChannel-meta.xml`,
  app: `${APP}/EmbeddedServiceConfig/Mobile_App.EmbeddedServiceConfig-meta.xml`,
  uploaded: `${APP}/PublicKeyCertificateSet/Uploaded.PublicKeyCertificateSet-meta.xml`,
  fetched: `${APP}/PublicKeyCertificateSet/Fetched.PublicKeyCertificateSet-meta.xml`,
  spare: `${APP}/PublicKeyCertificateSet/Spare.PublicKeyCertificateSet-meta.xml`,
  spareFetched: `${APP}/PublicKeyCertificateSet/Spare_Fetched.PublicKeyCertificateSet-meta.xml`,
  keyA: `${APP}/PublicKeyCertificate/Key_A.PublicKeyCertificate-meta.xml`,
  keyB: `${APP}/PublicKeyCertificate/Key_B.PublicKeyCertificate-meta.xml`,
  keyC: `${APP}/PublicKeyCertificate/Key_C.PublicKeyCertificate-meta.xml`,
  queue: `${APP}/queues/Chat.queue-meta.xml`,
  routing: `${APP}/queueRoutingConfigs/Chat.queueRoutingConfig-meta.xml`,
} as const;

const NAMESPACE = 'http://soap.sforce.com/2006/04/metadata';

export const xml = (type: string, content: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${type} xmlns="${NAMESPACE}">\n${content}\n</${type}>\n`;

export const AUTHORIZATION = `<messagingAuthorizations>
  <authIdentifier>Customer</authIdentifier>
  <authorizationType>PublicKeyCertificateSet</authorizationType>
  <enabled>true</enabled>
  <publicKeyCertificateSetName>Uploaded</publicKeyCertificateSetName>
</messagingAuthorizations>`;

const channel = (label: string, mode: string, authorizations: string): string =>
  xml(
    'MessagingChannel',
    `<description>${label} channel</description>
<embeddedConfig>
<anonymousUserJwtExpirationTime>360</anonymousUserJwtExpirationTime>
<authMode>${mode}</authMode>
${authorizations}
<verifiedUserJwtExpirationTime>60</verifiedUserJwtExpirationTime>
</embeddedConfig>
<masterLabel>${label}</masterLabel>
<messagingChannelType>EmbeddedMessaging</messagingChannelType>
<sessionHandlerQueue>Chat</sessionHandlerQueue>
<sessionHandlerType>Queue</sessionHandlerType>`,
  );

const FEATURE_FLAGS = ['AgentforceTagline', 'DeliveryReceipts', 'EmojiSelection', 'ReadReceipts', 'TypingIndicators'];

const mobileApp = xml(
  'EmbeddedServiceConfig',
  `<deploymentFeature>EmbeddedMessaging</deploymentFeature>
<deploymentType>Mobile</deploymentType>
<embeddedServiceMessagingChannel>
<isEnabled>true</isEnabled>
<messagingChannel>Mobile</messagingChannel>
${FEATURE_FLAGS.map((name) => `<shouldShow${name}>false</shouldShow${name}>`).join('\n')}
<shouldStartNewLineOnEnter>false</shouldStartNewLineOnEnter>
</embeddedServiceMessagingChannel>
<masterLabel>Mobile App</masterLabel>`,
);

const item = (key: string): string =>
  `<publicKeyCertificateSetKeys><publicKeyCertificate>${key}</publicKeyCertificate></publicKeyCertificateSetKeys>`;

const uploaded = (issuer: string, ...keys: string[]): string =>
  xml(
    'PublicKeyCertificateSet',
    `<jwtIssuer>${issuer}</jwtIssuer>
<masterLabel>Keys</masterLabel>
${keys.map(item).join('\n')}
<type>JWKS</type>`,
  );

const fetched = (host: string): string =>
  xml(
    'PublicKeyCertificateSet',
    `<jwksEndPoint>https://${host}/jwks.json</jwksEndPoint>
<jwtIssuer>https://${host}</jwtIssuer>
<masterLabel>Keys</masterLabel>
<type>JWKS_URL</type>`,
  );

/** A key as metadata XML. */
export const key = (jwk: object): string =>
  xml(
    'PublicKeyCertificate',
    `<isActive>true</isActive>\n<jsonWebKey>${JSON.stringify(jwk)}</jsonWebKey>\n<masterLabel>Key</masterLabel>`,
  );

const queue = xml(
  'Queue',
  `<name>Chat</name>
<queueRoutingConfig>Chat</queueRoutingConfig>
<queueSobject>
<sobjectType>MessagingSession</sobjectType>
</queueSobject>`,
);

const routing = xml(
  'QueueRoutingConfig',
  '<label>Chat</label>\n<routingModel>LEAST_ACTIVE</routingModel>\n<routingPriority>1</routingPriority>',
);

const org = (content: object): string => JSON.stringify({ channels: ['Web', 'Mobile', 'Guest'], ...content }, null, 2);

const PROD_AUTHORIZATION = {
  authIdentifier: 'Customer',
  authorizationType: 'PublicKeyCertificateSet',
  enabled: true,
  publicKeyCertificateSetName: 'Fetched',
};

const PROD_CHANNEL = { embeddedConfig: { messagingAuthorizations: [PROD_AUTHORIZATION] } };

/**
 * A project without findings: 2 verified channels and 1 unverified channel, deployed to a sandbox with uploaded keys and to
 * production with an endpoint. No org gets the spare keysets, their channel, or the third key.
 */
export async function validProject(): Promise<Files> {
  const [a, b, c] = await Promise.all(
    ['first', 'second', 'third'].map(async (name) => ({ ...(await publicJwk(keyPair(name))), kid: name })),
  );
  return {
    [FILE.project]: '{\n  "packageDirectories": [{ "path": "force-app" }],\n  "sourceApiVersion": "67.0"\n}\n',
    [FILE.dev]: org({
      orgId: '00D000000000001EAA',
      kind: 'sandbox',
      overrides: { PublicKeyCertificateSet: { Uploaded: { jwtIssuer: 'https://id.dev.example.com' } } },
    }),
    [FILE.prod]: org({
      orgId: '00D000000000002EAA',
      kind: 'production',
      overrides: { MessagingChannel: { Web: PROD_CHANNEL, Mobile: PROD_CHANNEL } },
    }),
    [FILE.web]: channel('Web', 'Auth', AUTHORIZATION),
    [FILE.mobile]: channel('Mobile', 'Auth', AUTHORIZATION),
    [FILE.guest]: channel('Guest', 'UnAuth', ''),
    [FILE.spareChannel]: channel(
      'Spare',
      'Auth',
      AUTHORIZATION.replace('Customer', 'Partner').replace('>Uploaded<', '>Spare<'),
    ),
    [FILE.app]: mobileApp,
    [FILE.uploaded]: uploaded('https://id.example.com', 'Key_A', 'Key_B'),
    [FILE.fetched]: fetched('login.example.com'),
    [FILE.spare]: uploaded('https://spare.example.com', 'Key_B', 'Key_C'),
    [FILE.spareFetched]: fetched('spare-login.example.com'),
    [FILE.keyA]: key(a ?? {}),
    [FILE.keyB]: key(b ?? {}),
    [FILE.keyC]: key(c ?? {}),
    [FILE.queue]: queue,
    [FILE.routing]: routing,
  };
}

/** The files with the edits applied. Fails if a replacement changes nothing. */
export function applyEdits(files: Files, edits: Edits): Files {
  const changed = Object.entries(edits).map(([file, edit]): [string, string] => [
    file,
    applyEdit(files[file] ?? '', edit),
  ]);
  return { ...files, ...Object.fromEntries(changed) };
}

function applyEdit(text: string, edit: Edit): string {
  if (typeof edit === 'string') return edit;
  return edit.reduce((before, [from, to]) => {
    if (!before.includes(from)) throw new Error(`Nothing to replace: ${from}`);
    return before.replace(from, () => to);
  }, text);
}

/** Findings that depend on time come from lib/rotation, and test/lib/rotation tests them. */
const isTimeDependent = (rule: string): boolean => rule === 'key-unused' || rule.startsWith('rotation-');

const folder = mkdtempSync(join(tmpdir(), 'rules-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
let written: Files = {};

/** Makes the folder contain exactly these files. Only what changed is written: a case differs from the last one in few files. */
function writeProject(files: Files): void {
  for (const file of Object.keys(written)) if (!(file in files)) rmSync(join(folder, file));
  for (const [file, text] of Object.entries(files)) {
    if (written[file] === text) continue;
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  written = files;
}

/** The findings in a project of these files, which is written to a folder and read as a command reads it. */
export function findingsIn(files: Files, now = NOW): readonly Finding[] {
  writeProject(files);
  return loadProject(folder, { orgs: [] }, now).findings.filter(({ rule }) => !isTimeDependent(rule));
}
