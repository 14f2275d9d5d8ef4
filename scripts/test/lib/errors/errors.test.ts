import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { asToolError, EXIT, invalidFlagError, toErrorDetails, ToolError } from '../../../lib/errors';

const text = { what: 'The deploy failed.', why: 'Salesforce rejected it.', fix: 'Deploy again.' };

test('a ToolError ends the command with exit code 1 unless it names another one', () => {
  assert.equal(new ToolError('deploy-failed', text).exit, 1);
  assert.equal(new ToolError('org-unreachable', text, { exit: EXIT.unreachable }).exit, 4);
});

test('an invalid flag ends the command with exit code 3', () => {
  const { code, what, why, fix, exit } = invalidFlagError('a', 'b', 'c');
  assert.deepEqual({ code, what, why, fix, exit }, { code: 'invalid-flag', what: 'a', why: 'b', fix: 'c', exit: 3 });
});

test('toErrorDetails has exactly the members of a result document', () => {
  assert.deepEqual(toErrorDetails(new ToolError('deploy-failed', text, { cause: new Error('secret') })), {
    code: 'deploy-failed',
    what: 'The deploy failed.',
    why: 'Salesforce rejected it.',
    fix: 'Deploy again.',
  });
});

test('an unexpected error gets the code internal, keeps its cause, and ends with exit code 1', () => {
  const cause = new TypeError('x is not a function');
  const error = asToolError(cause);
  assert.deepEqual([error.code, error.why, error.exit, error.cause], ['internal', 'x is not a function', 1, cause]);
  assert.equal(asToolError('just text').why, 'just text');
});

test('an error of the file system says what to do, and an error of a socket or a process stays unexpected', () => {
  const folder = mkdtempSync(join(tmpdir(), 'errors-'));
  const file = join(folder, 'file');
  writeFileSync(file, '');
  const failures: readonly (readonly [cause: unknown, why: RegExp])[] = [
    [errorOf(() => openSync(folder, 'a')), /^It is a folder/],
    [errorOf(() => mkdirSync(join(file, 'x'), { recursive: true })), /^A part of its path is a file/],
    [errorOf(() => readFileSync(join(folder, 'none'))), /^It doesn't exist/],
    [Object.assign(new Error('no space'), { code: 'ENOSPC', syscall: 'write' }), /^The disk is full/],
    [Object.assign(new Error('read-only'), { code: 'EROFS', syscall: 'open', path: '/x' }), /^The disk is read-only/],
    [Object.assign(new Error('denied'), { code: 'EACCES', syscall: 'mkdir', path: '/x' }), /^You have no permission/],
  ];
  rmSync(folder, { recursive: true });
  for (const [cause, why] of failures) {
    const error = asToolError(cause);
    assert.deepEqual([error.code, error.exit, error.cause], ['file-system', 1, cause], String(cause));
    assert.match(error.why, why);
    assert.match(error.fix, /, then run the command again\.$/);
  }
  for (const [code, syscall] of [
    ['ECONNREFUSED', 'connect'],
    ['EACCES', 'listen'],
    ['ENOENT', 'spawn git'],
    ['EACCES', 'bind'],
  ])
    assert.equal(asToolError(Object.assign(new Error('x'), { code, syscall })).code, 'internal', syscall);
});

function errorOf(task: () => unknown): unknown {
  try {
    return task();
  } catch (thrown) {
    return thrown;
  }
}

test('a ToolError stays the same object', () => {
  const error = new ToolError('deploy-failed', text);
  assert.equal(asToolError(error), error);
});
