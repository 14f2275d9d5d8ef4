import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseOrgFile } from '../../../lib/project';
import { elementAt, type Finding, type Override } from '../../../lib/model';
import { writeXml } from '../../../lib/metadata';
import { orgText } from './org-text';

const FILE = 'config/orgs/dev.json';

function channelOverride(elements: object): Override {
  const { org, findings } = parseOrgFile(FILE, orgText({ overrides: { MessagingChannel: { Web_Chat: elements } } }));
  assert.deepEqual(findings, []);
  return org?.overrides.get('MessagingChannel:Web_Chat') ?? assert.fail('no override');
}

const problemsOf = (overrides: object): readonly Finding[] => parseOrgFile(FILE, orgText({ overrides })).findings;

test('converts an override to metadata elements', () => {
  const { root, removed } = channelOverride({
    masterLabel: 'Chat',
    embeddedConfig: {
      verifiedUserJwtExpirationTime: 60,
      messagingAuthorizations: [
        { authIdentifier: 'A', enabled: true },
        { authIdentifier: 'B', enabled: false },
      ],
    },
  });
  assert.deepEqual(removed, []);
  const lines = writeXml(root)
    .split('\n')
    .slice(2, -2)
    .map((line) => line.trim());
  const item = (name: string, enabled: boolean): string =>
    `<messagingAuthorizations><authIdentifier>${name}</authIdentifier><enabled>${enabled}</enabled></messagingAuthorizations>`;
  const config = `<verifiedUserJwtExpirationTime>60</verifiedUserJwtExpirationTime>${item('A', true)}${item('B', false)}`;
  assert.equal(lines.join(''), `<masterLabel>Chat</masterLabel><embeddedConfig>${config}</embeddedConfig>`);
});

test('removes an element at any level for null or an empty list', () => {
  const { root, removed } = channelOverride({
    description: null,
    automatedResponses: [],
    embeddedConfig: { messagingAuthorizations: null, authMode: 'UnAuth' },
  });
  assert.deepEqual(removed, ['description', 'automatedResponses', 'embeddedConfig.messagingAuthorizations']);
  assert.equal(elementAt(root, 'embeddedConfig.authMode')?.text, 'UnAuth');
});

test('reads the line of each element in the org file', () => {
  const text = `{ "orgId": "00D4fP53twgxYnvEBE", "channels": ["A"], "overrides": {
    "MessagingChannel": { "A": {
      "embeddedConfig": {
        "messagingAuthorizations": [
          { "authIdentifier": "A" },
          { "authIdentifier":
            "B" } ] } } } } }`;
  const root = parseOrgFile(FILE, text).org?.overrides.get('MessagingChannel:A')?.root;
  const items = root && elementAt(root, 'embeddedConfig')?.children;
  const lines = items?.map((item) => [item.origin?.line, item.children[0]?.origin?.line]);
  assert.deepEqual(lines, [
    [5, 5],
    [6, 7],
  ]);
  assert.equal(root?.origin?.file, FILE);
});

const CHANNEL_PATH = 'overrides.MessagingChannel.Web_Chat';
const INVALID_OVERRIDES: readonly (readonly [claim: string, elements: object, path: string, said: RegExp])[] = [
  [
    'an unknown element',
    { authmode: 'Auth' },
    `${CHANNEL_PATH}.authmode`,
    /MessagingChannel has no element "authmode"/,
  ],
  [
    'a misspelled nested element',
    { embeddedConfig: { authmode: 'Auth' } },
    `${CHANNEL_PATH}.embeddedConfig.authmode`,
    /Did you mean "authMode"\?/,
  ],
  [
    'a misspelled element of a list item',
    { embeddedConfig: { messagingAuthorizations: [{}, { enable: true }] } },
    `${CHANNEL_PATH}.embeddedConfig.messagingAuthorizations.1.enable`,
    /Did you mean "enabled"\?/,
  ],
  ['the name of the component', { fullName: 'Other' }, `${CHANNEL_PATH}.fullName`, /has no element "fullName"/],
  ['an inherited name', { constructor: 'x' }, `${CHANNEL_PATH}.constructor`, /has no element "constructor"/],
  ['a list instead of a value', { masterLabel: ['a', 'b'] }, `${CHANNEL_PATH}.masterLabel`, /masterLabel isn't a list/],
  ['an object instead of a value', { masterLabel: { a: 1 } }, `${CHANNEL_PATH}.masterLabel`, /must be a plain value/],
  [
    'a value instead of an object',
    { embeddedConfig: 'Auth' },
    `${CHANNEL_PATH}.embeddedConfig`,
    /must be an object with the elements of EmbeddedMessagingChannel/,
  ],
  [
    'null inside a list',
    { customParameters: [null] },
    `${CHANNEL_PATH}.customParameters.0`,
    /a list item can't be null/,
  ],
  ['a list inside a list', { customParameters: [['a']] }, `${CHANNEL_PATH}.customParameters.0.0`, /has no element "0"/],
];

for (const [claim, elements, path, said] of INVALID_OVERRIDES) {
  test(`reports ${claim} in an override with its path, line and a fix`, () => {
    const [finding, ...others] = problemsOf({ MessagingChannel: { Web_Chat: elements } });
    assert.deepEqual(others, []);
    assert.deepEqual([finding?.rule, finding?.path, finding?.line], ['bad-override', path, 6]);
    assert.match(`${finding?.message} ${finding?.fix}`, said);
    assert.notEqual(finding?.fix, '');
  });
}

test('reports a type that is not deployed once, regardless of its content', () => {
  const [finding, ...others] = problemsOf({ Flow: { Route: { label: 'x' } } });
  assert.deepEqual(others, []);
  assert.equal(finding?.path, 'overrides.Flow');
});
