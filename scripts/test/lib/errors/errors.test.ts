import assert from 'node:assert/strict';
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
    ...{ code: 'deploy-failed', what: 'The deploy failed.', why: 'Salesforce rejected it.', fix: 'Deploy again.' },
  });
});

test('an unexpected error gets the code internal, keeps its cause, and ends with exit code 1', () => {
  const cause = new TypeError('x is not a function');
  const error = asToolError(cause);
  assert.deepEqual([error.code, error.why, error.exit, error.cause], ['internal', 'x is not a function', 1, cause]);
  assert.equal(asToolError('just text').why, 'just text');
});

test('a ToolError stays the same object', () => {
  const error = new ToolError('deploy-failed', text);
  assert.equal(asToolError(error), error);
});
