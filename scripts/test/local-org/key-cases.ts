import { uploadedKey } from './certificates';
import type { Files } from './package-zip';
import * as sample from './samples';
import { PATHS } from './samples';

/** A package that violates one rule, and the valid form of the package. */
export interface Case {
  readonly rule: string;
  readonly breaks: () => Files | Promise<Files>;
  readonly keeps: () => Files | Promise<Files>;
  readonly problem: RegExp;
}

export const key = async (change: (members: Record<string, unknown>) => unknown, daysLeft = 365, bits = 2048) => ({
  [PATHS.key]: sample.keyXml(change(await uploadedKey(daysLeft, bits))),
});
export const validKey = () => key((members) => members);
export const keyset = (content: string, type: string) => ({ [PATHS.keyset]: sample.keysetXml(content, type) });
export const validKeyset = () => ({ [PATHS.keyset]: sample.keysetXml() });

export const KEY_CASES: readonly Case[] = [
  {
    rule: 'key-name',
    breaks: async () => ({ 'PublicKeyCertificate/ns__Key.PublicKeyCertificate': (await validKey())[PATHS.key] ?? '' }),
    keeps: validKey,
    problem: /two consecutive underscores/,
  },
  {
    rule: 'keyset-name',
    breaks: () => ({ 'PublicKeyCertificateSet/Keys_.PublicKeyCertificateSet': sample.keysetXml() }),
    keeps: validKeyset,
    problem: /not end with an underscore/,
  },
  { rule: 'key-is-one-json-object', breaks: () => key((it) => [it]), keeps: validKey, problem: /not as an array/ },
  {
    rule: 'key-is-one-json-object',
    breaks: () => key((it) => ({ keys: [it] })),
    keeps: validKey,
    problem: /JWKS document/,
  },
  { rule: 'key-is-one-json-object', breaks: () => key(() => '{"kty":'), keeps: validKey, problem: /isn't JSON/ },
  ...['kty', 'kid', 'alg', 'x5c'].map((member) => ({
    rule: 'key-has-required-members',
    breaks: () => key((it) => ({ ...it, [member]: undefined })),
    keeps: validKey,
    problem: new RegExp(`missing ${member}`),
  })),
  {
    rule: 'key-is-rsa',
    breaks: () => key((it) => ({ ...it, kty: 'EC' })),
    keeps: validKey,
    problem: /"EC" is not RSA/,
  },
  {
    rule: 'key-is-rsa',
    breaks: () => key((it) => ({ ...it, alg: 'ES256' })),
    keeps: () => key((it) => ({ ...it, alg: 'RS512' })),
    problem: /"ES256" is not RS256 or RS512/,
  },
  { rule: 'key-has-2048-bits', breaks: () => key((it) => it, 365, 1024), keeps: validKey, problem: /1024 bits/ },
  {
    rule: 'key-certificate-is-valid',
    breaks: () => key((it) => it, 9),
    keeps: () => key((it) => it, 10),
    problem: /less than 10 more days/,
  },
  { rule: 'key-certificate-is-valid', breaks: () => key((it) => it, -1), keeps: validKey, problem: /expired/ },
  {
    rule: 'key-certificate-is-valid',
    breaks: () => key((it) => ({ ...it, x5c: [`${String(it['x5c'])}`.replace(/[+/]/g, '_').replace(/^./, '-')] })),
    keeps: validKey,
    problem: /not base64-encoded/,
  },
  {
    rule: 'key-certificate-is-valid',
    breaks: () => key((it) => ({ ...it, x5c: ['AAAA'] })),
    keeps: validKey,
    problem: /not an X.509 certificate/,
  },
  {
    rule: 'keyset-of-keys-has-no-endpoint',
    breaks: () => keyset('<jwksEndPoint>https://id.example.com/jwks</jwksEndPoint>', 'JWKS'),
    keeps: validKeyset,
    problem: /^You can't configure JWKS_URL when the key type selected is JWKS_KEY\.$/,
  },
  {
    rule: 'keyset-of-endpoint-has-one',
    breaks: () => keyset('', 'JWKS_URL'),
    keeps: validKeyset,
    problem: /Required field is missing: jwksEndPoint/,
  },
  {
    rule: 'keyset-endpoint-is-https',
    breaks: () => keyset('<jwksEndPoint>http://id.example.com/jwks</jwksEndPoint>', 'JWKS_URL'),
    keeps: validKeyset,
    problem: /HTTPS server/,
  },
  {
    rule: 'keyset-keys-exist',
    breaks: () =>
      keyset(
        '<publicKeyCertificateSetKeys><publicKeyCertificate>Key</publicKeyCertificate></publicKeyCertificateSetKeys>',
        'JWKS',
      ),
    keeps: async () => ({
      ...(await validKey()),
      ...keyset(
        '<publicKeyCertificateSetKeys><publicKeyCertificate>Key</publicKeyCertificate></publicKeyCertificateSetKeys>',
        'JWKS',
      ),
    }),
    problem: /no PublicKeyCertificate named Key found/,
  },
];
