import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DOMParser } from '@xmldom/xmldom';
import fc from 'fast-check';
import { escapeWorkflowCommands } from '../../../lib/report';
import { codeSpan, escapeMarkdown } from '../../../lib/report/markdown-escape';
import { FORMATS, REPORT } from './sample-reports';

/** The members with text from a person or an org. */
const FREE_TEXT_MEMBERS = [
  ...[
    'alias',
    'orgId',
    'message',
    'fix',
    'path',
    'file',
    'from',
    'to',
    'effect',
    'name',
    'detail',
    'what',
    'why',
    'live',
  ],
  ...[
    'desired',
    'setting',
    'keyset',
    'issuer',
    'endpoint',
    'configuration',
    'kind',
    'rule',
    'code',
    'deployIds',
    'kid',
  ],
];

type JsonValue =
  string | number | boolean | null | undefined | Date | readonly JsonValue[] | { readonly [name: string]: JsonValue };

/** The report with the given text in all these members. */
function reportWith(text: string): typeof REPORT {
  const walk = (each: JsonValue, name: string): JsonValue => {
    if (typeof each === 'string')
      return name === 'component' ? `MessagingChannel:${text}` : FREE_TEXT_MEMBERS.includes(name) ? text : each;
    if (each instanceof Date || each === null || typeof each !== 'object') return each;
    if (Array.isArray(each)) return (each as readonly JsonValue[]).map((item) => walk(item, name));
    return Object.fromEntries(Object.entries(each).map(([key, item]) => [key, walk(item, key)]));
  };
  return walk(REPORT as unknown as JsonValue, '') as unknown as typeof REPORT;
}

/** Texts with special characters of a format, and any other texts. Never blank, because reports omit blank texts. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...[
          '<script>alert(1)</script>',
          '"><img src=x onerror=alert(1)>',
          "' onclick='x",
          '</style>',
          '<!--',
          '-->',
          ']]>',
        ],
        ...['&amp;', '&#60;b&#62;', '</details>', '`', '``', '|', '\n', '\r\n', '**', '[a](javascript:x)', '![](//x)'],
        ...['@everyone', '#1', 'https://evil.example', 'www.evil.example', '::error::x', '##[error]x', '%0A::x::', '%'],
        ...['\u202E', '\u0000', '\u001B[2J', '\uD800', '\uFFFE', '\u2028', '$(x)', '{{x}}', ':', ','],
      ),
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.string({ unit: 'binary', maxLength: 12 }),
    ),
    { maxLength: 6 },
  )
  .map((parts) => `x${parts.join('')}x`);

/** The tags of a page with their attribute names, without attribute values and `<wbr>`. */
const tagsOf = (page: string): readonly string[] =>
  [...page.matchAll(/<[^>]*>/g)].map(([tag]) => tag.replace(/"[^"]*"/g, '""')).filter((tag) => tag !== '<wbr>');

test('no text from an org or a file becomes a tag or an attribute of the page', () => {
  const expected = tagsOf(FORMATS['report.html']?.(reportWith('xx')) ?? '');
  fc.assert(
    fc.property(hostile, (text) => {
      const page = FORMATS['report.html']?.(reportWith(text)) ?? '';
      assert.deepEqual(tagsOf(page), expected);
    }),
    { numRuns: 60 },
  );
});

test('JUnit XML stays well formed for any text', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const xml = FORMATS['report.junit.xml']?.(reportWith(text)) ?? '';
      const onError = (level: string, message: string): void => assert.equal(level, 'warning', message);
      const tree = new DOMParser({ onError }).parseFromString(xml, 'text/xml');
      assert.equal(tree.getElementsByTagName('testsuite').length, 1 + (REPORT.document.orgs?.length ?? 0));
      assert.equal(tree.getElementsByTagName('script').length + tree.getElementsByTagName('img').length, 0);
      // eslint-disable-next-line no-control-regex -- these characters are not allowed in XML 1.0
      assert.doesNotMatch(xml, /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/u);
    }),
    { numRuns: 60 },
  );
});

test('escaped Markdown is one line without markup, HTML, mention or link', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const escaped = escapeMarkdown(text);
      assert.doesNotMatch(escaped, /[\n\r<>]|@\w|#\d|:\/\/|www\./);
      assert.doesNotMatch(escaped, /(?<!\\)(?:\\\\)*[`*_[\]|~]/);
    }),
    { numRuns: 500 },
  );
});

test('a code span ends only at its fence and has one line', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const [, fence = '', inner = ''] = /^(`+)([^]*?)\1$/.exec(codeSpan(text)) ?? [];
      assert.notEqual(fence, '');
      assert.ok(!new RegExp(`(?<!\`)${fence}(?!\`)`).test(inner), 'the fence is in the value');
      assert.doesNotMatch(inner, /[\n\r]/);
    }),
    { numRuns: 500 },
  );
});

test('an annotation is one line with its own properties only', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const lines = (FORMATS['annotations.txt']?.(reportWith(text)) ?? '').split('\n');
      assert.equal(lines.length, REPORT.document.findings.length);
      for (const line of lines) {
        const [, properties = ''] = /^::(?:error|warning|notice) (.*?)::/.exec(line) ?? assert.fail(line);
        assert.deepEqual(
          properties.split(',').map((each) => each.split('=')[0]),
          ['file', 'line', 'title'],
        );
      }
    }),
    { numRuns: 200 },
  );
});

test('a log contains no workflow command for any org name', () => {
  fc.assert(
    fc.property(hostile, fc.constantFrom('', ' ', '\n', '\n  ', 'x\n\t'), (text, before) => {
      const log = escapeWorkflowCommands(`${before}${text}`);
      assert.ok(!log.includes('##['));
      for (const line of log.split('\n')) assert.doesNotMatch(line, /^\s*::/);
    }),
    { numRuns: 500 },
  );
});
