import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { OrgContents } from '../../../lib/import/org-contents';
import { readProjectState } from '../../../lib/import/project-state';
import { propose, type ProjectState, type Proposal } from '../../../lib/import/proposal';
import { readXml } from '../../../lib/metadata';
import { mapOf, type Component, type ComponentType } from '../../../lib/model';
import { withFolder } from '../project/temp-folder';

const ONE = '00D000000000001EAA';
const OTHER = '00D000000000002EAA';

const contents = (alias: string, orgId: string): OrgContents =>
  ({
    alias,
    facts: { orgId },
    components: new Map(),
    channels: new Map(),
    foundReferences: new Set(),
  }) as unknown as OrgContents;

const project = (...orgs: readonly { readonly alias: string; readonly orgId: string }[]): ProjectState =>
  ({ orgs: orgs.map((org) => ({ ...org, file: `config/orgs/${org.alias}.json` })) }) as unknown as ProjectState;

const options = { channels: [], origins: false } as unknown as Parameters<typeof propose>[1];

const cases: readonly (readonly [string, readonly OrgContents[], ProjectState, RegExp])[] = [
  [
    'two aliases of one org',
    [contents('dev', ONE), contents('copy', ONE)],
    project(),
    /^"copy" and "dev" are the same org, 00D000000000001EAA\.$/,
  ],
  [
    'an alias for an org that has an org file of another alias',
    [contents('dev', ONE)],
    project({ alias: 'uat', orgId: ONE }),
    /^"dev" and "uat" are the same org/,
  ],
  [
    'an alias that is logged in to another org than its org file describes',
    [contents('dev', OTHER)],
    project({ alias: 'dev', orgId: ONE }),
    /config\/orgs\/dev\.json is 00D000000000001EAA, but "dev" is logged in to 00D000000000002EAA/,
  ],
];

for (const [name, allContents, state, what] of cases)
  test(`rejects ${name}`, () => {
    assert.throws(() => propose(allContents, options, state), { code: 'org-mismatch', what, exit: 4 });
  });

const NOW = new Date('2026-06-01T00:00:00Z');

function component(type: ComponentType, fullName: string, body: string): Component {
  const { root } = readXml(`<${type} xmlns="http://soap.sforce.com/2006/04/metadata">${body}</${type}>`, 'x.xml');
  assert.ok(root);
  return { type, fullName, root };
}

const channel = (name: string, mode: string, more = '', type = 'EmbeddedMessaging'): Component =>
  component(
    'MessagingChannel',
    name,
    `<embeddedConfig><authMode>${mode}</authMode></embeddedConfig><masterLabel>${name}</masterLabel><messagingChannelType>${type}</messagingChannelType><sessionHandlerType>Queue</sessionHandlerType>${more}`,
  );

const orgWith = (...components: readonly Component[]): OrgContents => ({
  alias: 'uat',
  facts: { orgId: ONE, kind: 'sandbox', name: 'UAT', missingPermissions: [] },
  components: mapOf(components),
  channels: new Map(),
  foundReferences: new Set(),
});

const PROJECT_FILE = '{"packageDirectories":[{"path":"force-app","default":true}],"sourceApiVersion":"67.0"}';

const proposeFrom = (
  org: OrgContents,
  channels: readonly string[] = [],
  files: Readonly<Record<string, string>> = { 'force-app/README.md': '' },
): Proposal =>
  withFolder({ 'sfdx-project.json': PROJECT_FILE, ...files }, (folder) =>
    propose([org], { ...options, channels }, readProjectState(folder, NOW)),
  );

const sms = channel('SMS', 'UnAuth', '', 'Text');
const withoutAuthorization = channel('Web_Chat', 'Auth');

/** Orgs without a channel to import: the reason in the error, and the rules of the findings. */
const emptyOrgs: readonly (readonly [string, readonly Component[], readonly string[], RegExp, readonly string[]])[] = [
  ['no channel', [], [], /The login can't see any messaging channel/, []],
  ['only an SMS channel', [sms], [], /SMS: a channel of type Text\./, []],
  ['only an unverified channel', [channel('Guest', 'UnAuth')], [], /Guest: user verification is off\./, []],
  [
    'only a channel that fails a rule',
    [withoutAuthorization],
    [],
    /Web_Chat: rejected by the rule auth-without-authorization\./,
    ['auth-without-authorization'],
  ],
  [
    'a named channel that fails a rule, and others',
    [withoutAuthorization, channel('Guest', 'UnAuth'), sms],
    ['Web_Chat'],
    /Web_Chat: rejected by the rule auth-without-authorization\. Guest: not named with --channel\. SMS: a channel of type Text\./,
    ['auth-without-authorization'],
  ],
  ['a channel with an unsafe name', [channel('a.b', 'Auth')], [], /a\.b: rejected by the rule/, ['unsafe-name']],
];

for (const [name, components, channels, why, rules] of emptyOrgs)
  test(`gives the reason for each channel of an org with ${name}`, () => {
    const { files, orgs, findings } = proposeFrom(orgWith(...components), channels);
    assert.deepEqual([files, orgs[0]?.status, orgs[0]?.error?.code], [[], 'failed', 'nothing-to-import']);
    assert.match(orgs[0]?.error?.why ?? '', why);
    for (const rule of rules) assert.ok(findings.some((finding) => finding.rule === rule && finding.fix !== ''));
  });

test('proposes the channel that is off as the one to name', () => {
  const { orgs } = proposeFrom(orgWith(channel('Guest', 'UnAuth'), withoutAuthorization));
  assert.match(orgs[0]?.error?.fix ?? '', /npm run import -- --org uat --channel Guest$/);
});

const unknownChannels: readonly (readonly [string, readonly string[], RegExp, RegExp])[] = [
  ['a mistyped channel next to a valid one', ['Guest', 'Gest'], /^--channel Gest /, /Did you mean --channel Guest\?/],
  ['a channel with other capital letters', ['guest'], /^--channel guest /, /Did you mean --channel Guest\?/],
  ['a channel of another type', ['SMS'], /^--channel SMS /, /^Use one of these: Guest\.$/],
  ['a name that is like no channel', ['Zebra_Crossing'], /^--channel Zebra/, /^Use one of these: Guest\.$/],
];

for (const [name, channels, what, fix] of unknownChannels)
  test(`rejects ${name}`, () => {
    const org = orgWith(channel('Guest', 'UnAuth'), sms);
    assert.throws(() => proposeFrom(org, channels), { code: 'unknown-component', exit: 1, what, fix });
  });

for (const directory of ['force-app', './force-app', 'force-app/', 'packages/chat'])
  test(`imports into a project whose package directory ${directory} doesn't exist yet`, () => {
    const files = { 'sfdx-project.json': PROJECT_FILE.replace('force-app', directory) };
    const { files: proposed, orgs } = proposeFrom(orgWith(channel('Guest', 'UnAuth')), ['Guest'], files);
    const folder = directory.replace(/^\.\/|\/$/g, '');
    assert.deepEqual(
      proposed.map(({ path }) => path),
      [`${folder}/main/default/messagingChannels/Guest.messagingChannel-meta.xml`, 'config/orgs/uat.json'],
    );
    assert.equal(orgs[0]?.error, undefined);
  });

test('forecasts that plan rejects a project with another missing package directory', () => {
  const files = {
    'sfdx-project.json': PROJECT_FILE.replace('}]', '},{"path":"other"}]'),
    'force-app/README.md': '',
  };
  assert.throws(() => proposeFrom(orgWith(channel('Guest', 'UnAuth')), ['Guest'], files), { code: 'unreadable-file' });
});

test('forecasts that plan rejects a project whose package directory stays missing, because everything has a file in another one', () => {
  const guest = channel('Guest', 'UnAuth');
  const files = {
    'sfdx-project.json': PROJECT_FILE.replace('}]', '},{"path":"other"}]'),
    'other/Guest.messagingChannel-meta.xml':
      '<MessagingChannel xmlns="http://soap.sforce.com/2006/04/metadata"><embeddedConfig><authMode>UnAuth</authMode></embeddedConfig><masterLabel>Guest</masterLabel><messagingChannelType>EmbeddedMessaging</messagingChannelType><sessionHandlerType>Queue</sessionHandlerType></MessagingChannel>',
  };
  const { orgs } = proposeFrom(orgWith(guest), ['Guest'], files);
  assert.equal(orgs[0]?.error?.code, 'invalid-project');
});

const withProjectFile = (more: object): string => JSON.stringify({ ...(JSON.parse(PROJECT_FILE) as object), ...more });
const GUEST_FILE = 'force-app/main/default/messagingChannels/Guest.messagingChannel-meta.xml';

/** Projects in which plan wouldn't read an imported file as the import writes it. */
const unreadProjects: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
  ['whose .forceignore excludes new channels', { '.forceignore': '**/messagingChannels/**' }, 'invalid-project'],
  [
    'whose replacement has no value',
    {
      'sfdx-project.json': withProjectFile({
        replacements: [
          { glob: '**/*.messagingChannel-meta.xml', stringToReplace: 'Guest', replaceWithEnv: 'NOT_SET_ANYWHERE' },
        ],
      }),
    },
    'invalid-project',
  ],
];

for (const [name, files, code] of unreadProjects)
  test(`forecasts that plan rejects a project ${name}`, () => {
    const all = { 'force-app/README.md': '', ...files };
    const { orgs } = proposeFrom(orgWith(channel('Guest', 'UnAuth')), ['Guest'], all);
    assert.equal(orgs[0]?.error?.code, code);
  });

test('forecasts the changes that a replacement in an imported file causes', () => {
  const replacements = [
    { glob: '**/*.messagingChannel-meta.xml', stringToReplace: '<masterLabel>Guest<', replaceWithFile: 'label.txt' },
  ];
  const files = {
    'force-app/README.md': '',
    'label.txt': '<masterLabel>Visitor<',
    'sfdx-project.json': withProjectFile({ replacements }),
  };
  const { orgs } = proposeFrom(orgWith(channel('Guest', 'UnAuth')), ['Guest'], files);
  assert.ok(
    orgs[0]?.changes.some(({ path, to }) => path === 'masterLabel' && to === 'Visitor'),
    JSON.stringify(orgs[0]),
  );
});

test('never overwrites a file that .forceignore excludes', () => {
  const files = { '.forceignore': '**/Guest.*', [GUEST_FILE]: '<MessagingChannel/>' };
  const { files: proposed, orgs, findings } = proposeFrom(orgWith(channel('Guest', 'UnAuth')), ['Guest'], files);
  assert.deepEqual([proposed, orgs[0]?.error?.code], [[], 'nothing-to-import']);
  assert.match(orgs[0]?.error?.why ?? '', /Guest: rejected by the rule ignored-file\./);
  assert.ok(findings.some(({ rule, message }) => rule === 'ignored-file' && message.includes(GUEST_FILE)));
});

describe('a source file with an error', () => {
  const BROKEN = '<MessagingChannel xmlns="http://soap.sforce.com/2006/04/metadata"><embeddedConfig>';
  const fileFor = (name: string): string => `force-app/${name}.messagingChannel-meta.xml`;

  test('does not stop the import of other components', () => {
    const files = { [fileFor('Other')]: BROKEN };
    const { files: proposed } = proposeFrom(orgWith(channel('Guest', 'UnAuth')), ['Guest'], files);
    assert.deepEqual(
      proposed.map(({ path }) => path),
      ['force-app/main/default/messagingChannels/Guest.messagingChannel-meta.xml', 'config/orgs/uat.json'],
    );
  });

  test('keeps its component out of the import, and is named', () => {
    const files = { [fileFor('Guest')]: BROKEN };
    const org = orgWith(channel('Guest', 'UnAuth'), channel('Shop', 'UnAuth'));
    const { files: proposed, findings } = proposeFrom(org, ['Guest', 'Shop'], files);
    assert.ok(!proposed.some(({ path }) => path.includes('Guest')), JSON.stringify(proposed.map(({ path }) => path)));
    const [finding] = findings.filter(({ rule }) => rule === 'unreadable-source');
    assert.match(
      finding?.message ?? '',
      /: MessagingChannel:Guest has the file force-app\/Guest\.messagingChannel-meta\.xml, which can't be read\./,
    );
  });

  test('stops the import if it is an org file, and every such file is named', () => {
    const files = { 'force-app/README.md': '', 'config/orgs/a.json': '{', 'config/orgs/b.json': '[]' };
    assert.throws(() => proposeFrom(orgWith(channel('Guest', 'UnAuth')), ['Guest'], files), {
      what: "config/orgs/a.json and config/orgs/b.json can't be read. Nothing was imported.",
    });
  });
});
