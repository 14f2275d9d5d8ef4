import { FILE } from '../valid-project';
import type { RuleCase } from './rule-case';

const ENDPOINT = '<jwksEndPoint>https://spare-login.example.com/jwks.json</jwksEndPoint>';
const ISSUER = '<jwtIssuer>https://spare.example.com</jwtIssuer>';
const KEY_B =
  '<publicKeyCertificateSetKeys><publicKeyCertificate>Key_B</publicKeyCertificate></publicKeyCertificateSetKeys>';
const KEY_C = KEY_B.replace('Key_B', 'Key_C');

export const KEYSET_CASES: readonly RuleCase[] = [
  {
    rule: 'keyset-endpoint-unused',
    violatedWhen: 'a keyset of uploaded keys declares an endpoint',
    violation: { [FILE.spare]: [[ISSUER, `<jwksEndPoint>https://id.example.org/jwks</jwksEndPoint>\n${ISSUER}`]] },
    location: [FILE.spare, '<jwksEndPoint>'],
    validWhen: 'the endpoint is empty',
    valid: { [FILE.spare]: [[ISSUER, `<jwksEndPoint/>\n${ISSUER}`]] },
  },
  {
    rule: 'keyset-without-endpoint',
    violatedWhen: 'a keyset of type JWKS_URL declares no endpoint',
    violation: { [FILE.spareFetched]: [[ENDPOINT, '']] },
    location: [FILE.spareFetched, '<PublicKeyCertificateSet'],
    validWhen: 'it declares one',
    valid: {},
  },
  {
    rule: 'keyset-keys-unused',
    violatedWhen: 'a keyset with an endpoint lists keys',
    violation: { [FILE.spareFetched]: [['<type>', `${KEY_C}\n<type>`]] },
    location: [FILE.spareFetched, '<publicKeyCertificateSetKeys>'],
    validWhen: 'it lists none',
    valid: {},
  },
  {
    rule: 'keyset-without-keys',
    violatedWhen: 'a keyset of uploaded keys lists none',
    violation: { [FILE.spare]: [[`${KEY_B}\n${KEY_C}\n`, '']] },
    location: [FILE.spare, '<PublicKeyCertificateSet'],
    validWhen: 'it lists one',
    valid: { [FILE.spare]: [[`${KEY_B}\n`, '']] },
  },
  {
    rule: 'issuer-missing',
    violatedWhen: 'a keyset declares no issuer',
    violation: { [FILE.spare]: [[ISSUER, '<jwtIssuer> </jwtIssuer>']] },
    location: [FILE.spare, '<jwtIssuer>'],
    validWhen: 'the issuer is a plain word',
    valid: { [FILE.spare]: [[ISSUER, '<jwtIssuer>fin.ai</jwtIssuer>']] },
  },
  {
    rule: 'issuer-whitespace',
    violatedWhen: 'a line break follows the issuer',
    violation: { [FILE.spare]: [['example.com</jwtIssuer>', 'example.com\n</jwtIssuer>']] },
    location: [FILE.spare, '<jwtIssuer>'],
    validWhen: 'a space is inside the issuer',
    valid: { [FILE.spare]: [['spare.example.com', 'our identity provider']] },
  },
  {
    rule: 'duplicate-kid',
    violatedWhen: 'two keys of a keyset have the same kid',
    violation: { [FILE.keyC]: [['"kid":"third"', '"kid":"second"']] },
    location: [FILE.spare, 'Key_C'],
    validWhen: 'the keys are in different keysets',
    valid: { [FILE.keyC]: [['"kid":"third"', '"kid":"first"']] },
  },
  {
    rule: 'keyset-without-active-key',
    violatedWhen: 'no key of a keyset is active',
    violation: { [FILE.keyB]: [['>true<', '>false<']], [FILE.keyC]: [['>true<', '>false<']] },
    location: [FILE.spare, 'Key_B'],
    validWhen: 'one of them is',
    valid: { [FILE.keyB]: [['>true<', '>false<']] },
  },
];

const ENDPOINT_URL = 'https://spare-login.example.com/jwks.json';
const withEndpoint = (url: string) => ({ [FILE.spareFetched]: [[ENDPOINT_URL, url]] }) as const;

const endpointCase = (
  rule: string,
  violatedWhen: string,
  breaks: string,
  validWhen: string,
  keeps: string,
): RuleCase => ({
  rule,
  violatedWhen,
  violation: withEndpoint(breaks),
  location: [FILE.spareFetched, '<jwksEndPoint>'],
  validWhen,
  valid: withEndpoint(keeps),
});

export const ENDPOINT_CASES: readonly RuleCase[] = [
  endpointCase(
    'endpoint-not-url',
    'it has no scheme',
    'id.example.org/jwks',
    'it has one',
    'https://id.example.org/jwks',
  ),
  endpointCase(
    'endpoint-not-clean',
    'it has no slashes',
    'https:id.example.org/jwks',
    'a character is encoded',
    'https://id.example.org/a%20b',
  ),
  endpointCase(
    'endpoint-not-clean',
    'it has port 0',
    'https://id.example.org:0/jwks',
    'it has port 443',
    'https://id.example.org:443/jwks',
  ),
  endpointCase(
    'endpoint-discovery',
    'it is the discovery document',
    'https://id.example.org/t/.well-known/openid-configuration',
    'it is the JWKS document next to it',
    'https://id.example.org/t/.well-known/jwks.json',
  ),
  endpointCase(
    'placeholder',
    'it is a template',
    'https://id.example.org/{tenant}/keys',
    'the tenant is filled in',
    'https://id.example.org/t1/keys',
  ),
  endpointCase(
    'endpoint-not-https',
    'it is http',
    'http://id.example.org/jwks',
    'it is HTTPS',
    'HTTPS://id.example.org/jwks',
  ),
  endpointCase(
    'endpoint-credentials',
    'it has a password',
    'https://u:p@id.example.org/',
    'it has a query',
    'https://id.example.org/?a=u:p@b',
  ),
  endpointCase(
    'endpoint-private',
    'it is on 10.0.0.1',
    'https://10.0.0.1/jwks',
    'it is on 8.8.8.8',
    'https://8.8.8.8/jwks',
  ),
  endpointCase(
    'endpoint-salesforce',
    'it is on a Salesforce site',
    'https://a.my.site.com/jwks',
    'it is on a similar host',
    'https://my.site.com.example.org/',
  ),
  endpointCase(
    'endpoint-fragment',
    'it has a fragment',
    'https://id.example.org/jwks#a',
    'it has a port',
    'https://id.example.org:8443/jwks',
  ),
];
