import assert from 'node:assert/strict';
import { test } from 'node:test';
import { schemaViolations } from '../../local-org/metadata/schema-violations';
import { parseXml } from '../../local-org/metadata/xml';
import { startTestOrg } from './client';
import { channelXml, deploymentXml, keysetXml, PATHS, verifiedChannel } from './samples';

const firstViolation = (type: string, xml: string) => schemaViolations(type, parseXml(xml))[0];
const namespace = '{http://soap.sforce.com/2006/04/metadata}';

for (const [what, xml, text] of [
  [
    'an unknown element',
    channelXml().replace('<masterLabel>', '<foo>1</foo><masterLabel>'),
    `Error parsing file: Element ${namespace}foo invalid at this location in type MessagingChannel`,
  ],
  [
    'an unknown element further down',
    channelXml('<authMode>Auth</authMode><foo/>'),
    `Error parsing file: Element ${namespace}foo invalid at this location in type EmbeddedMessagingChannel`,
  ],
  [
    'an element that comes twice',
    channelXml().replace('<masterLabel>', '<masterLabel>A</masterLabel><masterLabel>'),
    'Error parsing file: Element masterLabel is duplicated at this location in type MessagingChannel',
  ],
  [
    'a list that is torn apart',
    channelXml(
      '<messagingAuthorizations/><authMode>Auth</authMode><messagingAuthorizations/>'.replaceAll(
        '<messagingAuthorizations/>',
        '<messagingAuthorizations><authIdentifier>A</authIdentifier><authorizationType>AuthProvider</authorizationType></messagingAuthorizations>',
      ),
    ),
    'Error parsing file: Element messagingAuthorizations is duplicated at this location in type EmbeddedMessagingChannel',
  ],
  ['a missing element', channelXml().replace(/.*masterLabel.*\n/, ''), 'Required field is missing: masterLabel'],
  ['an empty element', channelXml().replace('Web Chat', ' '), 'Required field is missing: masterLabel'],
  [
    'a missing element further down',
    channelXml('<isSaveTranscriptEnabled>true</isSaveTranscriptEnabled>'),
    'Required field is missing: authMode',
  ],
  [
    'a value no enum has',
    channelXml().replace('>Queue<', '>queue<'),
    "Error parsing file: 'queue' is not a valid value for the enum 'MessagingSessionHandlerType'",
  ],
  [
    'a boolean in words',
    channelXml('<authMode>Auth</authMode><isSaveTranscriptEnabled>yes</isSaveTranscriptEnabled>'),
    "Error parsing file: 'yes' is not valid for type xsd:boolean, should be '0', '1', 'true' or 'false'",
  ],
  [
    'a number with a fraction',
    channelXml('<authMode>Auth</authMode><verifiedUserJwtExpirationTime>60.5</verifiedUserJwtExpirationTime>'),
    "Error parsing file: '60.5' is not a valid value for the type xsd:int",
  ],
  [
    'a number that no int holds',
    channelXml('<authMode>Auth</authMode><verifiedUserJwtExpirationTime>9999999999</verifiedUserJwtExpirationTime>'),
    "Error parsing file: '9999999999' is not a valid value for the type xsd:int",
  ],
  [
    'markup inside a text',
    channelXml().replace('Web Chat', 'Web <b>Chat</b>'),
    `Error parsing file: Unexpected element ${namespace}b during simple type deserialization`,
  ],
  [
    'another root element',
    keysetXml(),
    `Error parsing file: Element ${namespace}PublicKeyCertificateSet is not a MessagingChannel`,
  ],
] as const) {
  test(`rejects a channel with ${what}`, () => assert.equal(firstViolation('MessagingChannel', xml)?.text, text));
}

test('accepts a valid component with or without fullName', () => {
  assert.deepEqual(schemaViolations('MessagingChannel', parseXml(channelXml())), []);
  const named = channelXml().replace('<masterLabel>', '<fullName>Web</fullName><masterLabel>');
  assert.deepEqual(schemaViolations('MessagingChannel', parseXml(named)), []);
});

test('reports the name of an enum with an invalid value', () => {
  const text = "Error parsing file: 'Jwks' is not a valid value for the enum 'PublicKeyCertificateSetType'";
  assert.equal(firstViolation('PublicKeyCertificateSet', keysetXml('', 'Jwks'))?.text, text);
});

for (const [what, content] of [
  ['unclosed', '<MessagingChannel>'],
  ['empty', ''],
  ['no XML', 'hello'],
  ['with a bare ampersand', channelXml().replace('Web Chat', 'Web & Chat')],
  ['with a DOCTYPE', '<!DOCTYPE x><MessagingChannel xmlns="http://soap.sforce.com/2006/04/metadata"/>'],
  ['with a control character', channelXml().replace('Web Chat', 'Web\u0007Chat')],
] as const) {
  test(`rejects a file that is ${what}, with the location`, async (t) => {
    const client = await startTestOrg(t);
    const report = await client.deploy({ ...verifiedChannel, [PATHS.channel]: content });
    assert.equal(report.failures.length, 1);
    assert.match(report.failures[0]?.problem ?? '', /^Error parsing file: /);
    assert.match(report.failures[0]?.line ?? '', /^\d+$/);
    assert.equal(client.org.files().size, 0);
  });
}

test('requires an element only from the API version that introduced it', () => {
  const root = parseXml(deploymentXml().replace(/<shouldShowAgentforceTagline>.*<\/shouldShowAgentforceTagline>/, ''));
  const missing = [{ text: 'Required field is missing: shouldShowAgentforceTagline' }];
  assert.deepEqual(schemaViolations('EmbeddedServiceConfig', root, 65), []);
  assert.deepEqual(schemaViolations('EmbeddedServiceConfig', root, 66), missing);
  assert.deepEqual(schemaViolations('EmbeddedServiceConfig', root), missing);
});

test('accepts xsi:nil as the value of a required element, of an enumeration, and of a complex element', () => {
  const nil = (name: string): string =>
    `<${name} xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>`;
  const text = channelXml()
    .replace(/<sessionHandlerType>.*<\/sessionHandlerType>/, nil('sessionHandlerType'))
    .replace(/<embeddedConfig>[^]*<\/embeddedConfig>/, nil('embeddedConfig'));
  assert.deepEqual(schemaViolations('MessagingChannel', parseXml(text)), []);
  const empty = text.replaceAll('"true"', '"false"');
  assert.equal(firstViolation('MessagingChannel', empty)?.text, 'Required field is missing: authMode');
});

test('accepts elements that only some orgs have', () => {
  const channel = channelXml('<authMode>Auth</authMode><presenceTimeout>5</presenceTimeout>');
  assert.equal(firstViolation('MessagingChannel', channel), undefined);
  const scopes =
    '<PermissionSet xmlns="http://soap.sforce.com/2006/04/metadata"><label>A</label><dataspaceScopes/></PermissionSet>';
  assert.equal(firstViolation('PermissionSet', scopes), undefined);
});
