import assert from 'node:assert/strict';
import { test } from 'node:test';
import { proxyFor } from '../../../lib/http';
import { cliEnvironment } from '../../../lib/sf/cli-worker';

const PROXY = 'http://proxy.example.com:8080';

const CASES: readonly (readonly [
  url: string,
  environment: Readonly<Record<string, string>>,
  proxy: string | undefined,
])[] = [
  ['https://id.example.com/', {}, undefined],
  ['https://id.example.com/', { HTTPS_PROXY: '' }, undefined],
  ['https://id.example.com/', { HTTPS_PROXY: PROXY }, 'proxy.example.com:8080'],
  ['https://id.example.com/', { https_proxy: PROXY, HTTPS_PROXY: 'http://other:1' }, 'proxy.example.com:8080'],
  ['https://id.example.com/', { HTTP_PROXY: PROXY }, 'proxy.example.com:8080'],
  ['https://id.example.com/', { HTTPS_PROXY: 'proxy.example.com:8080' }, 'proxy.example.com:8080'],
  ['https://id.example.com/', { HTTPS_PROXY: 'http://user:secret@proxy.example.com' }, 'proxy.example.com'],
  ['http://id.example.com/', { HTTPS_PROXY: PROXY }, undefined],
  ['http://id.example.com/', { HTTP_PROXY: PROXY }, 'proxy.example.com:8080'],
  ['https://[2606:4700::1111]/', { HTTPS_PROXY: PROXY }, 'proxy.example.com:8080'],
  ['http://127.0.0.1:8080/', { HTTP_PROXY: PROXY }, undefined],
  ['https://localhost/', { HTTPS_PROXY: PROXY }, undefined],
  ['http://[::1]:8080/', { HTTP_PROXY: PROXY }, undefined],
];
for (const [url, environment, host] of CASES)
  test(`${url} with ${JSON.stringify(environment)} goes ${host === undefined ? 'direct' : 'through the proxy'}`, () =>
    assert.equal(proxyFor(new URL(url), environment)?.host, host));

const EXCLUDED: readonly (readonly [url: string, noProxy: string, isExcluded: boolean])[] = [
  ['https://id.example.com/', 'id.example.com', true],
  ['https://id.example.com/', 'ID.Example.COM', true],
  ['https://id.example.com/', 'example.com', true],
  ['https://id.example.com/', '.example.com', true],
  ['https://id.example.com/', '*.example.com', true],
  ['https://example.com/', '*.example.com', false],
  ['https://example.com/', '.example.com', false],
  ['https://id.example.com./', 'example.com', true],
  ['https://badexample.com/', 'example.com', false],
  ['https://example.com.evil.net/', 'example.com', false],
  ['https://id.example.com/', 'other.net, example.com', true],
  ['https://id.example.com/', 'other.net  example.com', true],
  ['https://id.example.com/', '*', true],
  ['https://id.example.com/', 'example.com:443', true],
  ['https://id.example.com/', 'example.com:8443', false],
  ['https://id.example.com:8443/', 'example.com:8443', true],
  ['https://[2606:4700::1111]/', '2606:4700::1111', true],
  ['https://[2606:4700::1111]/', '[2606:4700::1111]:443', true],
  ['https://[2606:4700::1111]/', '[2606:4700::1111]:80', false],
  ['https://8.8.8.8/', '8.8.8.8', true],
  ['https://8.8.8.8/', '8.8.8', false],
  ['https://id.example.com/', '', false],
];
for (const [url, noProxy, isExcluded] of EXCLUDED)
  test(`NO_PROXY=${JSON.stringify(noProxy)} ${isExcluded ? 'excludes' : "doesn't exclude"} ${url}`, () => {
    const environment = { HTTPS_PROXY: PROXY, NO_PROXY: noProxy };
    assert.equal(proxyFor(new URL(url), environment) === undefined, isExcluded);
  });

test('a proxy variable that is no URL of an HTTP proxy is rejected without its value', () => {
  for (const value of ['socks5://user:secret@proxy:1080', 'http://', ':::secret', 'ftp://proxy'])
    assert.throws(
      () => proxyFor(new URL('https://id.example.com/'), { HTTPS_PROXY: value }),
      (error: Error) => {
        assert.match(error.message, /^HTTPS_PROXY or HTTP_PROXY is not the URL of an HTTP proxy/);
        return !error.message.includes('secret');
      },
    );
});

test('the CLI uses the proxy, except for this machine', (t) => {
  const { HTTPS_PROXY, NO_PROXY, no_proxy: noProxy } = process.env;
  t.after(() => restore({ HTTPS_PROXY, NO_PROXY, no_proxy: noProxy }));
  restore({ HTTPS_PROXY: undefined, NO_PROXY: 'example.com', no_proxy: undefined });
  assert.equal(cliEnvironment()['NODE_USE_ENV_PROXY'], undefined);
  assert.equal(cliEnvironment()['NO_PROXY'], 'example.com');
  restore({ HTTPS_PROXY: PROXY });
  const environment = cliEnvironment();
  assert.equal(environment['NODE_USE_ENV_PROXY'], '1');
  assert.equal(environment['HTTPS_PROXY'], PROXY);
  for (const name of ['NO_PROXY', 'no_proxy']) assert.equal(environment[name], 'example.com,localhost,127.0.0.1,::1');
});

function restore(variables: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(variables))
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
}
