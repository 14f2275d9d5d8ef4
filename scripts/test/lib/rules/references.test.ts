import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mapOf, type UndeployedComponents } from '../../../lib/model';
import { checkReferences } from '../../../lib/rules/references';
import { component } from '../explain/test-org';

const CHANNEL = component('MessagingChannel', 'Web_Chat', { sessionHandlerAsa: 'Helper' });

const messagesFor = (existing: readonly string[], undeployed: UndeployedComponents = new Map()): readonly string[] =>
  checkReferences(mapOf([CHANNEL]), new Set(existing), undeployed).map(({ rule, message, fix }) =>
    [rule.id, rule.severity, message, fix].join(' | '),
  );

test('warns about a bot that is not listed under "existing", with the line to add', () => {
  const [text = '', ...others] = messagesFor([]);
  assert.deepEqual(others, []);
  assert.match(
    text,
    /^undeployed-reference \| warning \| Bot:Helper is referenced here\. These commands don't deploy its type/,
  );
  assert.match(text, /If the org has it, add this line .*: "existing": \["Bot:Helper"\]\.$/);
  assert.deepEqual(messagesFor(['Bot:Helper']), []);
});

test('names the file of a bot in the project, and the command that deploys it', () => {
  const file = 'force-app/main/default/bots/Helper/Helper.bot-meta.xml';
  const [text = ''] = messagesFor([], new Map([['Bot:Helper', { file, reason: 'type' }]]));
  assert.match(text, /The project contains it \(force-app.*Helper\.bot-meta\.xml\)/);
  assert.match(text, /sf project deploy start --metadata Bot:Helper/);
});
