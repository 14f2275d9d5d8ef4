import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../../lib/model';
import { annotationsText, escapeWorkflowCommands, escapeWorkflowCommandsInJson } from '../../../lib/report/annotations';
import { escapeInvisible, escapeInvisibleJson, escapeMarkup } from '../../../lib/report/escape';
import { codeSpan, escapeInElement } from '../../../lib/report/markdown-escape';

test('replaces each invisible character and unpaired surrogate with a dot, and keeps line breaks and tabs', () => {
  assert.equal(escapeInvisible('a\u200Bb\u0007c\u202Ed\uD800e\uFFFEf'), 'a·b·c·d·e·f');
  assert.equal(escapeInvisible('a\tb\nc\rd é 😀'), 'a\tb\nc\rd é 😀');
});

test('JSON with an invisible character parses to the same text', () => {
  const text = '\u202E\u200B\u{E0041}';
  const escaped = escapeInvisibleJson(JSON.stringify(text));
  assert.equal(escaped, '"\\u202e\\u200b\\udb40\\udc41"');
  assert.equal(JSON.parse(escaped), text);
});

test('escapes the five characters of markup', () =>
  assert.equal(escapeMarkup(`<a b="c" d='e'>&`), '&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;'));

// actions/toolkit, packages/core/src/command.ts: the escapes of data and of properties.
test('an annotation escapes data and properties as the runner decodes them', () => {
  const finding: Finding = {
    rule: 'a',
    severity: 'error',
    component: 'B:c',
    path: '',
    file: 'x,y:z.xml',
    line: 0,
    message: '50%\r\nnext',
    fix: 'f',
  };
  assert.equal(
    annotationsText([finding], 'root'),
    '::error file=root/x%2Cy%3Az.xml,line=1,title=a%3A B%3Ac::50%25%0D%0Anext%0AFix: f',
  );
  assert.equal(
    annotationsText([{ ...finding, file: '', component: '' }], ''),
    '::error title=a::50%25%0D%0Anext%0AFix: f',
  );
});

// actions/runner, src/Runner.Common/ActionCommand.cs: a command starts a line, after spaces, or contains ##[.
test('text contains no workflow command afterwards, and other colons stay', () => {
  assert.equal(escapeWorkflowCommands('::set-output'), ':\u200B:set-output');
  assert.equal(escapeWorkflowCommands('x\n  ::a\n\t::b'), 'x\n  :\u200B:a\n\t:\u200B:b');
  assert.equal(escapeWorkflowCommands('a ::b c::d'), 'a ::b c::d');
  assert.equal(escapeWorkflowCommands('a ##[group] ##[b'), 'a #\u200B#[group] #\u200B#[b');
  const json = JSON.stringify('##[group]');
  assert.equal(escapeWorkflowCommandsInJson(json), '"#\\u0023[group]"');
  assert.equal(JSON.parse(escapeWorkflowCommandsInJson(json)), '##[group]');
});

// CommonMark 6.1: the fence is longer than any run of backticks; one space is removed from both sides.
test('a code span shows any value', () => {
  for (const [value, span] of [
    ['a', '`a`'],
    ['a`b', '``a`b``'],
    ['`a', '`` `a ``'],
    ['a`', '`` a` ``'],
    [' a ', '`  a  `'],
    [' a', '` a`'],
    ['a ', '`a `'],
    ['a b', '`a b`'],
    ['', '`  `'],
    ['  ', '`   `'],
    ['a\n \tb', '`a b`'],
    ['``', '``` `` ```'],
  ] as const)
    assert.equal(codeSpan(value), span, JSON.stringify(value));
});

test('text inside an element becomes neither a mention nor a link', () => {
  assert.equal(escapeInElement('@me  <b>\nhttps://a'), '@\u2060me &lt;b&gt; https:\u2060//a');
});
