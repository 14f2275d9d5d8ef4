import { FILE } from '../project';
import type { RuleCase } from './case';

const ENDPOINT = '<jwksEndPoint>https://spare-login.example.com/jwks.json</jwksEndPoint>';
const ISSUER = '<jwtIssuer>https://spare.example.com</jwtIssuer>';
const KEY_B =
  '<publicKeyCertificateSetKeys><publicKeyCertificate>Key_B</publicKeyCertificate></publicKeyCertificateSetKeys>';
const KEY_C = KEY_B.replace('Key_B', 'Key_C');

export const KEYSET_CASES: readonly RuleCase[] = [
  {
    rule: 'keyset-endpoint-unused',
    when: 'a keyset of uploaded keys states an endpoint',
    breaks: { [FILE.spare]: [[ISSUER, `<jwksEndPoint>https://id.example.org/jwks</jwksEndPoint>\n${ISSUER}`]] },
    at: [FILE.spare, '<jwksEndPoint>'],
    unless: 'the endpoint is empty',
    keeps: { [FILE.spare]: [[ISSUER, `<jwksEndPoint/>\n${ISSUER}`]] },
  },
  {
    rule: 'keyset-without-endpoint',
    when: 'a keyset with an endpoint does not state it',
    breaks: { [FILE.spareFetched]: [[ENDPOINT, '']] },
    at: [FILE.spareFetched, '<PublicKeyCertificateSet'],
    unless: 'it does',
    keeps: {},
  },
  {
    rule: 'keyset-keys-unused',
    when: 'a keyset with an endpoint lists keys',
    breaks: { [FILE.spareFetched]: [['<type>', `${KEY_C}\n<type>`]] },
    at: [FILE.spareFetched, '<publicKeyCertificateSetKeys>'],
    unless: 'it lists none',
    keeps: {},
  },
  {
    rule: 'keyset-without-keys',
    when: 'a keyset of uploaded keys lists none',
    breaks: { [FILE.spare]: [[`${KEY_B}\n${KEY_C}\n`, '']] },
    at: [FILE.spare, '<PublicKeyCertificateSet'],
    unless: 'it lists one',
    keeps: { [FILE.spare]: [[`${KEY_B}\n`, '']] },
  },
  {
    rule: 'issuer-missing',
    when: 'a keyset states no issuer',
    breaks: { [FILE.spare]: [[ISSUER, '<jwtIssuer> </jwtIssuer>']] },
    at: [FILE.spare, '<jwtIssuer>'],
    unless: 'the issuer is a plain word',
    keeps: { [FILE.spare]: [[ISSUER, '<jwtIssuer>fin.ai</jwtIssuer>']] },
  },
  {
    rule: 'issuer-blanks',
    when: 'a line break follows the issuer',
    breaks: { [FILE.spare]: [['example.com</jwtIssuer>', 'example.com\n</jwtIssuer>']] },
    at: [FILE.spare, '<jwtIssuer>'],
    unless: 'a blank is inside of it',
    keeps: { [FILE.spare]: [['spare.example.com', 'our identity provider']] },
  },
  {
    rule: 'kid-twice',
    when: 'two keys of a keyset have the same kid',
    breaks: { [FILE.keyC]: [['"kid":"third"', '"kid":"second"']] },
    at: [FILE.spare, 'Key_C'],
    unless: 'the keys are in different keysets',
    keeps: { [FILE.keyC]: [['"kid":"third"', '"kid":"first"']] },
  },
  {
    rule: 'keyset-without-active-key',
    when: 'no key of a keyset is active',
    breaks: { [FILE.keyB]: [['>true<', '>false<']], [FILE.keyC]: [['>true<', '>false<']] },
    at: [FILE.spare, 'Key_B'],
    unless: 'one of them is',
    keeps: { [FILE.keyB]: [['>true<', '>false<']] },
  },
];

const ADDRESS = 'https://spare-login.example.com/jwks.json';
const address = (url: string) => ({ [FILE.spareFetched]: [[ADDRESS, url]] }) as const;

const endpoint = (rule: string, when: string, breaks: string, unless: string, keeps: string): RuleCase => ({
  ...{ rule, when, breaks: address(breaks), at: [FILE.spareFetched, '<jwksEndPoint>'], unless, keeps: address(keeps) },
});

export const ENDPOINT_CASES: readonly RuleCase[] = [
  endpoint('endpoint-not-url', 'it has no scheme', 'id.example.org/jwks', 'it has one', 'https://id.example.org/jwks'),
  endpoint(
    'endpoint-not-https',
    'it is http',
    'http://id.example.org/jwks',
    'it is HTTPS',
    'HTTPS://id.example.org/jwks',
  ),
  endpoint(
    'endpoint-credentials',
    'it has a password',
    'https://u:p@id.example.org/',
    'it has a query',
    'https://id.example.org/?a=u:p@b',
  ),
  endpoint(
    'endpoint-private',
    'it is on 10.0.0.1',
    'https://10.0.0.1/jwks',
    'it is on 8.8.8.8',
    'https://8.8.8.8/jwks',
  ),
  endpoint(
    'endpoint-salesforce',
    'it is on a Salesforce site',
    'https://a.my.site.com/jwks',
    'it only looks so',
    'https://my.site.com.example.org/',
  ),
  endpoint(
    'endpoint-fragment',
    'it has a fragment',
    'https://id.example.org/jwks#a',
    'it has a port',
    'https://id.example.org:8443/jwks',
  ),
];
