import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSafeTokenUrl } from '../../../lib/model';

const SAFE = [
  'https://org.my.salesforce-scrt.com',
  'https://org.example:8443',
  'http://127.0.0.1:3000',
  'http://[::1]:3000',
  'http://localhost',
];
const UNSAFE = [
  '',
  'org.example',
  'http://org.example',
  'http://localhost.example',
  'http://127.0.0.2',
  'ftp://localhost',
  'ws://127.0.0.1',
  'https://org.example/',
  'https://org.example/path',
  'https://org.example?a=b',
  'https://user@org.example',
  'https://ORG.example',
  'https://org.example:443',
  ' https://org.example',
  'file:///etc/hosts',
];

for (const url of SAFE) test(`a token may be sent to ${url}`, () => assert.equal(isSafeTokenUrl(url), true));
for (const url of UNSAFE) test(`a token may not be sent to "${url}"`, () => assert.equal(isSafeTokenUrl(url), false));
