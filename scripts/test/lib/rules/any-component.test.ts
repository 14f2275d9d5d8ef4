import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { COMPONENT_TYPES, mapOf, type Component } from '../../../lib/model';
import { check } from '../../../lib/rules';
import { elementsOf } from '../../../lib/metadata';
import { NOW } from '../jwk/test-keys';
import { desiredState, readComponent } from './org-components';
import { xml } from './valid-project';

/** Any element tree, with names that the types declare and names that JavaScript objects inherit. */
const anyXml = (type: Component['type']): fc.Arbitrary<string> => {
  const declared = Object.keys(elementsOf(type) ?? {});
  const names = fc.constantFrom(
    ...declared,
    'authMode',
    'messagingAuthorizations',
    'constructor',
    'toString',
    '__proto__',
  );
  const text = fc.constantFrom(
    '',
    ' ',
    'Auth',
    'JWKS',
    'JWKS_URL',
    'true',
    '60',
    '{}',
    '[]',
    'https://[::1]/',
    'x',
    '-1e9',
  );
  const { element } = fc.letrec<{ element: string; content: string }>((tie) => ({
    element: fc.tuple(names, tie('content')).map(([name, content]) => `<${name}>${content}</${name}>`),
    content: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      text,
      fc.array(tie('element'), { maxLength: 4 }).map((all) => all.join('')),
    ),
  }));
  return fc.array(element, { maxLength: 8 }).map((all) => xml(type, all.join('')));
};

for (const type of COMPONENT_TYPES) {
  test(`never throws for any ${type}`, () => {
    fc.assert(
      fc.property(anyXml(type), (text) => {
        const component = readComponent(type, 'Any', text, 'any.xml');
        const apiVersion = { value: '67.0', file: 'sfdx-project.json', line: 1 };
        for (const { file, line } of check({
          source: mapOf([component]),
          orgs: [desiredState(component)],
          apiVersion,
          now: NOW,
        })) {
          assert.equal(file, 'any.xml');
          assert.ok(line > 0);
        }
      }),
    );
  });
}
