import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closestMatch } from '../../../lib/metadata';

const CASES: readonly (readonly [name: string, candidates: readonly string[], match: string | undefined])[] = [
  // At most 2 edits, or a third of the name if that is more.
  ['Web_Chta', ['Shop_Chat', 'Web_Chat'], 'Web_Chat'],
  ['Web', ['Wxyb'], 'Wxyb'],
  ['Web', ['Wxyzb'], undefined],
  ['web_chat', ['Web_Chat'], 'Web_Chat'],
  ['Chat_A', ['Chat_B', 'Chat_C'], 'Chat_B'],
  // Matches a part of exactly one name if the part has more than 3 letters.
  ['chat', ['Customer_Web_Chat', 'Customer_Queue'], 'Customer_Web_Chat'],
  ['chat', ['Customer_Web_Chat', 'Customer_App_Chat'], undefined],
  ['Web', ['Customer_Web_Chat'], undefined],
  ['Chat', [], undefined],
];

for (const [name, candidates, match] of CASES)
  test(`the closest match of ${name} in ${candidates.join(', ') || 'no names'} is ${match ?? 'none'}`, () => {
    assert.equal(closestMatch(name, candidates), match);
  });
