import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  authModeOf,
  authorizationsOf,
  channelsTrustingKey,
  channelsTrustingKeyset,
  chatDeploymentsFor,
  configurationNameOf,
  enabledAuthorizationsOf,
  isActiveKey,
  isAuthMode,
  isEndpointKeyset,
  isSetUpForVerification,
  issuerOf,
  jwksUrlOf,
  keyNamesOf,
  keysetsListing,
  leaf,
  mapOf,
  mayTrustKeyset,
  parent,
  trustedKeysetNames,
  trustedKeysets,
  verifiesUsers,
  type Component,
  type ComponentType,
} from '../../../lib/model';

const component = (type: ComponentType, fullName: string, children: readonly ReturnType<typeof leaf>[]): Component => ({
  type,
  fullName,
  root: parent(type, children),
});

/** A user verification configuration; an `enabled` of undefined isn't declared. */
const authorization = (name: string, keyset: string, enabled: string | undefined) =>
  parent('messagingAuthorizations', [
    leaf('authIdentifier', name),
    ...(enabled === undefined ? [] : [leaf('enabled', enabled)]),
    leaf('publicKeyCertificateSetName', keyset),
  ]);

const channel = (
  name: string,
  authMode: string | undefined,
  ...authorizations: readonly ReturnType<typeof authorization>[]
): Component =>
  component('MessagingChannel', name, [
    parent('embeddedConfig', [...(authMode === undefined ? [] : [leaf('authMode', authMode)]), ...authorizations]),
  ]);

const keyset = (name: string, type: string, issuer: string, ...keys: readonly string[]): Component =>
  component('PublicKeyCertificateSet', name, [
    leaf('jwksEndPoint', 'https://id.example.com/jwks'),
    leaf('jwtIssuer', issuer),
    ...keys.map((key) => parent('publicKeyCertificateSetKeys', [leaf('publicKeyCertificate', key)])),
    leaf('type', type),
  ]);

const key = (name: string, isActive: string | undefined): Component =>
  component('PublicKeyCertificate', name, isActive === undefined ? [] : [leaf('isActive', isActive)]);

const names = (components: readonly Component[]): readonly string[] => components.map(({ fullName }) => fullName);

const verified = channel('Web', 'Auth', authorization('Customer', 'Keys', 'true'));
const unverified = channel('Guests', 'UnAuth', authorization('Customer', 'Keys', 'true'));
const disabled = channel('Disabled', 'Auth', authorization('Customer', 'Keys', 'false'));
const undeclared = channel('Undeclared', undefined, authorization('Customer', 'Keys', undefined));
const empty = channel('Empty', 'Auth');

test('a channel verifies users only with authMode Auth and an enabled configuration', () => {
  const channels = [verified, unverified, disabled, undeclared, empty];
  assert.deepEqual(channels.map(verifiesUsers), [true, false, false, false, false]);
  assert.deepEqual(channels.map(isAuthMode), [true, false, true, false, true]);
  assert.deepEqual(channels.map(isSetUpForVerification), [true, true, true, true, true]);
  assert.equal(isSetUpForVerification(channel('Plain', 'UnAuth')), false);
  assert.deepEqual(channels.map(authModeOf), ['Auth', 'UnAuth', 'Auth', undefined, 'Auth']);
  assert.equal(verifiesUsers(undefined), false);
});

test('enabledAuthorizationsOf reads `enabled` as XML Schema does and takes a missing value for false', () => {
  const item = (enabled: string | undefined, index: number) => authorization(`C${index}`, 'Keys', enabled);
  const mixed = channel('Web', 'Auth', ...['true', '1', 'false', '0', undefined].map(item));
  assert.deepEqual(enabledAuthorizationsOf(mixed).map(configurationNameOf), ['C0', 'C1']);
  assert.deepEqual(authorizationsOf(mixed).map(configurationNameOf), ['C0', 'C1', 'C2', 'C3', 'C4']);
  assert.deepEqual(authorizationsOf(component('MessagingChannel', 'Phone', [])), []);
});

test('a keyset is trusted only through an enabled configuration of a channel with authMode Auth', () => {
  const components = mapOf([
    ...[verified, unverified, disabled, channel('Other', 'Auth', authorization('Partner', 'Partners', 'true'))],
    ...[keyset('Keys', 'JWKS', 'a'), keyset('Partners', 'JWKS', 'b'), keyset('Unused', 'JWKS', 'c')],
  ]);
  assert.deepEqual(names(trustedKeysets(components)), ['Keys', 'Partners']);
  assert.deepEqual(names(channelsTrustingKeyset(components, 'Keys')), ['Web']);
  assert.deepEqual(names(channelsTrustingKeyset(components, 'Unused')), []);
  assert.deepEqual([verified, unverified, disabled].map(trustedKeysetNames), [['Keys'], [], []]);
});

test('mayTrustKeyset needs an enabled configuration and excludes a declared UnAuth', () => {
  const withoutMode = channel('Web', undefined, authorization('Customer', 'Keys', 'true'));
  const channels = [verified, unverified, disabled, withoutMode, empty];
  assert.deepEqual(
    channels.map((each) => mayTrustKeyset(each, 'Keys')),
    [true, false, false, true, false],
  );
  assert.equal(mayTrustKeyset(verified, 'Partners'), false);
});

test('a key reaches the channels that trust a keyset listing it', () => {
  const components = mapOf([
    ...[verified, unverified, channel('Other', 'Auth', authorization('Partner', 'Partners', 'true'))],
    ...[keyset('Keys', 'JWKS', 'a', 'A', 'B'), keyset('Partners', 'JWKS', 'b', 'B')],
    ...[key('A', 'true'), key('B', 'false'), key('C', undefined)],
  ]);
  assert.deepEqual(names(channelsTrustingKey(components, 'A')), ['Web']);
  assert.deepEqual(names(channelsTrustingKey(components, 'B')), ['Web', 'Other']);
  assert.deepEqual(names(keysetsListing(components, 'B')), ['Keys', 'Partners']);
  assert.deepEqual(names(keysetsListing(components, 'C')), []);
  assert.deepEqual(keyNamesOf(components.get('PublicKeyCertificateSet:Keys')), ['A', 'B']);
  assert.deepEqual(keyNamesOf(undefined), []);
  assert.deepEqual(
    ['A', 'B', 'C', 'Missing'].map((name) => isActiveKey(components, name)),
    [true, false, false, false],
  );
});

test('only a keyset of type JWKS_URL has a JWKS endpoint', () => {
  assert.equal(jwksUrlOf(keyset('Fetched', 'JWKS_URL', 'a')), 'https://id.example.com/jwks');
  assert.equal(jwksUrlOf(keyset('Uploaded', 'JWKS', 'a')), undefined);
  assert.equal(jwksUrlOf(undefined), undefined);
  assert.equal(isEndpointKeyset(keyset('Fetched', 'JWKS_URL', 'a')), true);
  assert.equal(isEndpointKeyset(keyset('Uploaded', 'JWKS', 'a')), false);
});

test('issuerOf keeps the issuer byte for byte and treats a blank one as not declared', () => {
  assert.equal(issuerOf(keyset('Keys', 'JWKS', ' https://id.example.com ')), ' https://id.example.com ');
  assert.equal(issuerOf(keyset('Keys', 'JWKS', '  ')), undefined);
  assert.equal(issuerOf(undefined), undefined);
});

test('chatDeploymentsFor finds the chat deployments that name the channel', () => {
  const chatDeployment = (name: string, channelName: string): Component =>
    component('EmbeddedServiceConfig', name, [
      parent('embeddedServiceMessagingChannel', [leaf('messagingChannel', channelName)]),
    ]);
  const components = mapOf([chatDeployment('Site', 'Web'), chatDeployment('App', 'Mobile')]);
  assert.deepEqual(names(chatDeploymentsFor(components, 'Web')), ['Site']);
});
