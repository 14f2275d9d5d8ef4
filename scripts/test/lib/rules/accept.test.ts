import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import fc from 'fast-check';
import type { Finding } from '../../../lib/model';
import { RULES, isAcceptable } from '../../../lib/rules';
import { applyEdits, FILE, findingsIn, validProject, type Edits, type Files } from './valid-project';

let validFiles: Files;
before(async () => {
  validFiles = await validProject();
});

const findingsAfter = (edits: Edits): readonly Finding[] => findingsIn(applyEdits(validFiles, edits));

const shown = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ severity, rule }) => `${severity} ${rule}`);

type Replacement = readonly [string, string];

const include = (key: string): Replacement => ['"kind"', `"include": ["${key}"], "kind"`];

const accept = (rule: string, until?: string): Replacement => [
  '"kind"',
  `"accept": [\n{ "rule": "${rule}", "reason": "One tenant for all"${until === undefined ? '' : `, "until": "${until}"`} }],\n"kind"`,
];

/** One Entra ID tenant: production and the sandbox have the same issuer and JWKS endpoint. */
const oneTenant = (prod: readonly Replacement[] = [], dev: readonly Replacement[] = []): readonly Finding[] =>
  findingsAfter({
    [FILE.dev]: [include('PublicKeyCertificateSet:Fetched'), ...dev],
    ...(prod.length > 0 && { [FILE.prod]: prod }),
  });

/** The sandbox gets the keyset of production with these members overridden. */
const fetchedIn = (members: string): readonly Replacement[] => [
  include('PublicKeyCertificateSet:Fetched'),
  ['"Uploaded": {', `"Fetched": { ${members} }, "Uploaded": {`],
];

describe('trust that is shared with production', () => {
  test('is an error if the endpoint and the issuer are the same', () => {
    const findings = oneTenant();
    assert.deepEqual(shown(findings), ['error shared-endpoint']);
    assert.match(findings[0]?.message ?? '', /^Production org prod trusts the same JWKS endpoint and issuer as dev\./);
    assert.match(findings[0]?.fix ?? '', /"accept": \[\{ "rule": "shared-endpoint"/);
  });

  test('is a warning if only the endpoint or only the issuer is the same (Firebase, vendors)', () => {
    const dev = (members: string): Edits => ({ [FILE.dev]: fetchedIn(members) });
    assert.deepEqual(shown(findingsAfter(dev('"jwtIssuer": "https://securetoken.google.com/shop-dev"'))), [
      'warning shared-endpoint-other-issuer',
    ]);
    assert.deepEqual(shown(findingsAfter(dev('"jwksEndPoint": "https://login.example.com/dev.json"'))), [
      'warning shared-issuer',
    ]);
    assert.deepEqual(
      shown(findingsAfter(dev('"jwtIssuer": "urn:dev", "jwksEndPoint": "https://login.example.com/dev.json"'))),
      [],
    );
  });
});

describe('an accepted finding', () => {
  test('is a warning with the reason and the end, if production accepts the error', () => {
    const findings = oneTenant([accept('shared-endpoint', '2027-06-30')]);
    assert.deepEqual(shown(findings), ['warning shared-endpoint']);
    assert.match(findings[0]?.message ?? '', / Accepted by prod until 2027-06-30: One tenant for all\.$/);
  });

  test('has no end without "until"', () => {
    assert.match(oneTenant([accept('shared-endpoint')])[0]?.message ?? '', / Accepted by prod: One tenant for all\.$/);
  });

  test('is an error again after its last day, and the entry is reported', () => {
    assert.deepEqual(shown(oneTenant([accept('shared-endpoint', '2026-10-01')])), ['warning shared-endpoint']);
    assert.deepEqual(shown(oneTenant([accept('shared-endpoint', '2026-09-30')])).toSorted(), [
      'error shared-endpoint',
      'warning accept-ended',
    ]);
  });

  test('of a warning is a note', () => {
    const dev = fetchedIn('"jwtIssuer": "urn:dev"');
    const findings = findingsAfter({ [FILE.dev]: dev, [FILE.prod]: [accept('shared-endpoint-other-issuer')] });
    assert.deepEqual(shown(findings), ['note shared-endpoint-other-issuer']);
  });

  test('needs the acceptance of the org that it is about', () => {
    assert.deepEqual(shown(oneTenant([], [accept('shared-endpoint')])), ['error shared-endpoint']);
  });
});

describe('an entry without effect is reported', () => {
  test('for an error that is no policy', () => {
    const findings = findingsAfter({ [FILE.dev]: [accept('compromised-key')] });
    assert.deepEqual(shown(findings), ['error accept-not-possible']);
    assert.equal(findings[0]?.file, FILE.dev);
  });

  test('for an unknown rule', () => {
    const findings = findingsAfter({ [FILE.dev]: [accept('shared-endpoints')] });
    assert.deepEqual(shown(findings), ['warning accept-unknown-rule']);
    assert.equal(findings[0]?.fix, 'Did you mean "shared-endpoint"?');
    assert.deepEqual(shown(findingsAfter({ [FILE.dev]: [accept('production-trust')] })), []);
  });
});

test('no error but those of shared endpoints and keys can be accepted', () => {
  const acceptable = RULES.filter((rule) => rule.severity === 'error' && isAcceptable(rule)).map(({ id }) => id);
  assert.deepEqual(acceptable, ['shared-endpoint', 'shared-key']);
  fc.assert(
    fc.property(fc.constantFrom(...RULES), ({ id, severity }) =>
      assert.ok(severity !== 'error' || acceptable.includes(id) === isAcceptable({ id, severity })),
    ),
  );
});
