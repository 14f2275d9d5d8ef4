import 'reflect-metadata';
import { X509CertificateGenerator } from '@peculiar/x509';
import { KeyObject, webcrypto } from 'node:crypto';
import type { SeedFile } from '../../local-org/index';

const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: new Uint8Array([1, 0, 1]) } as const;
const DAY = 24 * 60 * 60 * 1000;

export const ISSUER = 'https://id.example.com';
export const KID = 'load-1';
export const IDLE_KID = 'load-2';

/** The metadata of an org with a verified channel, and the private key that signs its tokens. */
export interface ChatSeed {
  readonly seed: readonly SeedFile[];
  readonly privateKey: KeyObject;
}

/** Creates a key pair and the metadata of a published channel that trusts it. The second key of the keyset is inactive. */
export async function createChatSeed(): Promise<ChatSeed> {
  const { privateKey, jwk } = await createKeyPair();
  const seed = [
    { path: 'PublicKeyCertificate/Load.PublicKeyCertificate', content: keyXml({ ...jwk, kid: KID }, true) },
    { path: 'PublicKeyCertificate/Idle.PublicKeyCertificate', content: keyXml({ ...jwk, kid: IDLE_KID }, false) },
    { path: 'PublicKeyCertificateSet/Load.PublicKeyCertificateSet', content: KEYSET },
    { path: 'messagingChannels/Load.messagingChannel', content: CHANNEL, active: true },
    { path: 'EmbeddedServiceConfig/Load.EmbeddedServiceConfig', content: DEPLOYMENT, published: true },
  ];
  return { seed, privateKey };
}

async function createKeyPair() {
  const keys = await webcrypto.subtle.generateKey({ ...RSA, modulusLength: 2048 }, true, ['sign', 'verify']);
  const notAfter = new Date(Date.now() + 365 * DAY);
  const certificate = await X509CertificateGenerator.createSelfSigned({ notAfter, signingAlgorithm: RSA, keys });
  const { n, e } = await webcrypto.subtle.exportKey('jwk', keys.publicKey);
  const x5c = [Buffer.from(certificate.rawData).toString('base64')];
  return { privateKey: KeyObject.from(keys.privateKey), jwk: { kty: 'RSA', alg: 'RS256', use: 'sig', n, e, x5c } };
}

const xml = (type: string, content: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${type} xmlns="http://soap.sforce.com/2006/04/metadata">${content}</${type}>\n`;

const keyXml = (jwk: object, active: boolean): string =>
  xml(
    'PublicKeyCertificate',
    `<isActive>${active}</isActive><jsonWebKey>${JSON.stringify(jwk)}</jsonWebKey><masterLabel>Load</masterLabel>`,
  );

const keysetMember = (name: string): string =>
  `<publicKeyCertificateSetKeys><publicKeyCertificate>${name}</publicKeyCertificate></publicKeyCertificateSetKeys>`;

const KEYSET = xml(
  'PublicKeyCertificateSet',
  `<jwtIssuer>${ISSUER}</jwtIssuer><masterLabel>Load</masterLabel>${keysetMember('Load')}${keysetMember('Idle')}<type>JWKS</type>`,
);

const CHANNEL = xml(
  'MessagingChannel',
  '<embeddedConfig><authMode>Auth</authMode><messagingAuthorizations><authIdentifier>Load</authIdentifier>' +
    '<authorizationType>PublicKeyCertificateSet</authorizationType><enabled>true</enabled>' +
    '<publicKeyCertificateSetName>Load</publicKeyCertificateSetName></messagingAuthorizations></embeddedConfig>' +
    '<masterLabel>Load</masterLabel><messagingChannelType>EmbeddedMessaging</messagingChannelType>' +
    '<sessionHandlerQueue>Load</sessionHandlerQueue><sessionHandlerType>Queue</sessionHandlerType>',
);

const DEPLOYMENT = xml(
  'EmbeddedServiceConfig',
  '<deploymentFeature>EmbeddedMessaging</deploymentFeature><deploymentType>API</deploymentType>' +
    '<embeddedServiceMessagingChannel><isEnabled>true</isEnabled><messagingChannel>Load</messagingChannel>' +
    '</embeddedServiceMessagingChannel><isEnabled>true</isEnabled><masterLabel>Load</masterLabel>',
);
