import { createHash, generateKeyPairSync } from 'node:crypto';
import { createCertificate, keyPair, type Jwk } from './test-keys';

/** A JWKS document in the layout of a provider, with keys that are generated at run time. */
export interface ProviderShape {
  readonly name: string;
  /** The issuer of its tokens, byte for byte. */
  readonly issuer: string;
  readonly document: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The kids of the keys that can verify a token, in their order. */
  readonly usable: readonly string[];
  /** The key that signs its tokens, if it isn't the pair `first` with RS256. The kid is the first usable one. */
  readonly signer?: { readonly pair?: string; readonly alg?: 'RS256' | 'RS512' };
  /** A token of the provider that Salesforce can't use, and what `token explain` says about it. */
  readonly otherToken?: OtherToken;
  /** Why `keys provider` rejects its discovery document, although it serves usable keys. */
  readonly problem?: RegExp;
}

/** A token for another purpose: a text that is no JWT, or the members that differ from a token of a customer. */
export type OtherToken = { readonly explained: RegExp } & (
  { readonly text: string } | { readonly header?: Jwk; readonly claims?: Jwk }
);

/** A public RSA key without kid, alg, and use. */
const rsa = (name: string): Jwk => keyPair(name).publicKey.export({ format: 'jwk' });

const curve = (): Jwk => generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
const edwards = (): Jwk => generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });

/** Members of a certificate: x5c, and its SHA-1 as x5t. */
async function certificateMembers(name: string): Promise<Jwk> {
  const der = await createCertificate(keyPair(name), { notBefore: new Date(0), notAfter: new Date('2099-01-01') });
  return { x5t: createHash('sha1').update(der).digest('base64url'), x5c: [der.toString('base64')] };
}

const signing = { kty: 'RSA', use: 'sig', alg: 'RS256' };

/** The layouts of the providers that the guides describe, and of others that publish more than one kind of key. */
export async function providerShapes(): Promise<readonly ProviderShape[]> {
  const [x5c, encX5c] = [await certificateMembers('first'), await certificateMembers('second')];
  const [first, second, enc] = [rsa('first'), rsa('third'), rsa('second')];
  return [
    {
      name: 'Okta org authorization server',
      issuer: 'https://acme.okta.com',
      document: { keys: [{ ...signing, kid: 'org1', ...second }] },
      headers: { 'cache-control': 'max-age=3293198, must-revalidate' },
      usable: ['org1'],
      signer: { pair: 'third' },
      otherToken: {
        header: { typ: 'application/okta-internal-at+jwt' },
        claims: { cid: '0oa1', uid: '00u1', aud: 'https://acme.okta.com' },
        explained: /access token of the Okta org authorization server\. Only Okta's own API can verify it/,
      },
    },
    {
      name: 'Okta custom authorization server',
      issuer: 'https://acme.okta.com/oauth2/default',
      document: { keys: [{ ...signing, kid: 'nv4k1', e: 'AQAB', n: first['n'] }] },
      headers: { 'cache-control': 'max-age=3293198, must-revalidate' },
      usable: ['nv4k1'],
    },
    {
      name: 'Auth0',
      issuer: 'https://acme.eu.auth0.com/',
      document: {
        keys: [
          { ...signing, ...first, kid: 'NjVBRjY5', ...x5c },
          { ...signing, ...second, kid: 'OTk5' },
        ],
      },
      headers: { 'cache-control': 'public, max-age=15, stale-while-revalidate=15, stale-if-error=86400' },
      usable: ['NjVBRjY5', 'OTk5'],
      otherToken: {
        text: 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..aXY.Y3Q.dGFn',
        explained: /encrypted \(JWE, 5 parts\)/,
      },
    },
    {
      name: 'Auth0 with a custom domain',
      issuer: 'https://login.shop.example.com/',
      document: { keys: [{ ...signing, ...second, kid: 'Q0Q5' }] },
      usable: ['Q0Q5'],
      signer: { pair: 'third' },
      otherToken: {
        claims: { iss: 'https://acme.eu.auth0.com/' },
        explained:
          /has the issuer "https:\/\/login\.shop\.example\.com\/", the token "https:\/\/acme\.eu\.auth0\.com\/"/,
      },
    },
    {
      name: 'Entra ID v2',
      issuer: 'https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0',
      document: {
        keys: [
          {
            kty: 'RSA',
            use: 'sig',
            kid: x5c['x5t'],
            ...first,
            ...x5c,
            issuer: 'https://login.example',
            cloud_instance_name: 'x',
          },
        ],
      },
      headers: { 'cache-control': 'max-age=86400, private' },
      usable: [String(x5c['x5t'])],
      otherToken: {
        header: { nonce: 'b7dS' },
        claims: { aud: '00000003-0000-0000-c000-000000000000' },
        explained: /access token for Microsoft Graph\. Only Microsoft Graph can verify it/,
      },
    },
    {
      name: 'Entra ID v1',
      issuer: 'https://sts.windows.net/11111111-2222-3333-4444-555555555555/',
      document: { keys: [{ kty: 'RSA', use: 'sig', kid: x5c['x5t'], x5t: x5c['x5t'], ...first, x5c: x5c['x5c'] }] },
      usable: [String(x5c['x5t'])],
      otherToken: {
        claims: { iss: 'https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0' },
        explained: /uses the keyset Entra_ID_v2\. The channel uses: Entra_ID_v1/,
      },
    },
    {
      name: 'Entra ID for several tenants',
      issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0',
      document: { keys: [{ kty: 'RSA', use: 'sig', kid: x5c['x5t'], ...first, ...x5c }] },
      usable: [String(x5c['x5t'])],
      problem: /is a template for several tenants\. Specify the URL of your own tenant/,
    },
    {
      name: 'Cognito',
      issuer: 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Ab1',
      document: {
        keys: [
          { ...signing, ...first, kid: 'J4j+I06r0I0vpYnBNucugV8xAPV5/Xv4uYrrpwwSNK0=' },
          { ...signing, ...second, kid: '1234example=' },
        ],
      },
      headers: { 'cache-control': 'public, max-age=86400' },
      usable: ['J4j+I06r0I0vpYnBNucugV8xAPV5/Xv4uYrrpwwSNK0=', '1234example='],
      otherToken: { text: 'eyJjdHkiOiJKV1QiLCJlbmMiOiJBMjU2R0NNIn0.a.b.c.d', explained: /encrypted \(JWE, 5 parts\)/ },
    },
    {
      name: 'Keycloak',
      issuer: 'https://id.example.com/realms/shop',
      document: {
        keys: [
          { kid: 'rHc1', kty: 'RSA', alg: 'RSA-OAEP', use: 'enc', ...enc, ...encX5c },
          { kid: 'FJ86', ...signing, ...first, ...x5c, 'x5t#S256': 'abc' },
        ],
      },
      headers: { 'cache-control': 'no-cache' },
      usable: ['FJ86'],
      otherToken: { claims: { typ: 'Refresh' }, explained: /a refresh token of Keycloak\. Only Keycloak accepts it/ },
    },
    {
      name: 'Keycloak with one kid for both uses',
      issuer: 'https://id.example.com/realms/shop',
      document: {
        keys: [
          { kid: 'same', kty: 'RSA', alg: 'RSA-OAEP', use: 'enc', ...first },
          { kid: 'same', ...signing, ...first },
        ],
      },
      usable: ['same'],
      otherToken: { claims: { exp: 300 }, explained: /exp is 300, .* It is a duration/ },
    },
    {
      name: 'PingOne',
      issuer: 'https://auth.pingone.eu/11111111-2222-3333-4444-555555555555/as',
      document: {
        keys: [
          { ...first, e: 'AQAB', kid: 'default', use: 'sig', alg: 'RS256', ...x5c },
          { ...curve(), kid: 'ec-1', use: 'sig', alg: 'ES256' },
        ],
      },
      headers: { expires: new Date(Date.now() + 600_000).toUTCString() },
      usable: ['default'],
      otherToken: {
        header: { alg: 'ES256' },
        explained: /The header has alg ES256\. Salesforce accepts RS256 and RS512 only/,
      },
    },
    {
      name: 'PingFederate',
      issuer: 'https://sso.example.com',
      document: {
        keys: [
          { ...curve(), kid: 'ec' },
          { kid: 'r1', use: 'sig', ...first },
          { kid: 'r2', use: 'sig', ...second },
        ],
      },
      usable: ['r1', 'r2'],
      otherToken: { text: '4wYXlqTkTz7TI0vjmMc1EVJ0pO2K', explained: /looks like an opaque access token/ },
    },
    {
      name: 'ForgeRock with one kid for three algorithms',
      issuer: 'https://am.example.com:443/am/oauth2/realms/root/realms/shop',
      document: {
        keys: ['RS256', 'RS384', 'RS512'].map((alg) => ({ ...first, kid: 'wU3i', use: 'sig', alg, ...x5c })),
      },
      usable: ['wU3i', 'wU3i'],
      signer: { alg: 'RS512' },
      otherToken: { header: { alg: 'RS384' }, explained: /The header has alg RS384/ },
    },
    {
      name: 'ADFS',
      issuer: 'https://adfs.example.com/adfs',
      document: { keys: [{ kty: 'RSA', use: 'sig', alg: 'RS256', kid: x5c['x5t'], ...x5c, ...first }] },
      usable: [String(x5c['x5t'])],
    },
    {
      name: 'Firebase',
      issuer: 'https://securetoken.google.com/acme-shop',
      document: {
        keys: [
          { ...signing, ...first, kid: 'f27' },
          { ...signing, ...second, kid: '8a1' },
        ],
      },
      headers: { 'cache-control': 'public, max-age=21600, must-revalidate, no-transform', age: '3600' },
      usable: ['f27', '8a1'],
      otherToken: {
        claims: { iss: 'firebase-adminsdk@acme-shop.iam.gserviceaccount.com', uid: 'u1' },
        explained: /the token "firebase-adminsdk@acme-shop\.iam\.gserviceaccount\.com"/,
      },
    },
    {
      name: 'Google',
      issuer: 'https://accounts.google.com',
      document: {
        keys: [
          { ...signing, ...second, kid: 'c1e5' },
          { ...signing, ...first, kid: '9d2a' },
        ],
      },
      headers: { 'cache-control': 'public, max-age=20733, must-revalidate, no-transform' },
      usable: ['c1e5', '9d2a'],
      signer: { pair: 'third' },
      otherToken: { text: 'ya29.a0AfH6SMBxyz', explained: /looks like an opaque access token/ },
    },
    {
      name: 'a vendor with one issuer for all customers',
      issuer: 'fin.ai',
      document: { keys: [{ ...signing, ...first, kid: 'fin-1' }] },
      usable: ['fin-1'],
      otherToken: { header: { kid: 'fin-0' }, explained: /No key has the kid "fin-0"/ },
    },
    {
      name: 'Salesforce (/id/keys)',
      issuer: 'https://acme.my.salesforce.com',
      document: { keys: [{ ...first, kid: '262', use: 'sig', alg: 'RS256' }] },
      usable: ['262'],
    },
    {
      name: 'a provider with keys of every type',
      issuer: 'https://id.example.com',
      document: {
        keys: [
          { ...edwards(), kid: 'okp', alg: 'EdDSA', use: 'sig' },
          { kty: 'AKP', kid: 'akp', alg: 'ML-DSA-65', pub: 'AAAA' },
          { ...first, kid: 'ps', alg: 'PS256', use: 'sig' },
          { ...first, kid: 'wrap', key_ops: ['encrypt', 'wrapKey'] },
          { ...second, kid: 'good', key_ops: ['verify'], alg: 'RS512', 'urn:member': { of: 'nobody' } },
          7,
        ],
        note: 'an unknown member',
      },
      usable: ['good'],
      signer: { pair: 'third', alg: 'RS512' },
      otherToken: { header: { crit: ['exp'] }, explained: /marks extensions as critical \(crit: exp\)/ },
    },
    {
      name: 'an own signer',
      issuer: 'https://shop.example.com',
      document: { keys: [{ ...signing, ...first, kid: 'shop-2026', ...x5c }] },
      headers: { 'cache-control': 'public, max-age=3600' },
      usable: ['shop-2026'],
      otherToken: { header: { kid: undefined }, explained: /The header has no kid/ },
    },
    {
      name: 'a provider that signs with elliptic curves',
      issuer: 'https://acme.supabase.co/auth/v1',
      document: { keys: [{ ...curve(), kid: 'es', alg: 'ES256', use: 'sig' }] },
      usable: [],
    },
  ];
}
