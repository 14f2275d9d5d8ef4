/**
 * Describes the first difference between two issuers; undefined if they are equal. They must be equal byte for byte (Metadata
 * API guide, jwtIssuer: case-sensitive), and people overlook a space or a similar letter.
 */
export function firstDifference(declared: string, actual: string): string | undefined {
  if (declared === actual) return undefined;
  const [one, other] = [[...declared], [...actual]];
  const at = one.findIndex((character, index) => character !== other[index]);
  const position = at < 0 ? one.length : at;
  const where = `at character ${position + 1} the keyset has ${describeCharacter(one[position])} and the token ${describeCharacter(other[position])}`;
  return `${where}${differenceHint(declared, actual)}`;
}

function describeCharacter(character: string | undefined): string {
  if (character === undefined) return 'no character';
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  return /[!-~]/.test(character) ? `"${character}"` : code;
}

function differenceHint(declared: string, actual: string): string {
  if (`${declared}/` === actual || declared === `${actual}/`) return ' (an additional slash)';
  if (declared.toLowerCase() === actual.toLowerCase()) return ' (uppercase and lowercase differ)';
  return declared.trim() === actual.trim() ? ' (an additional space)' : '';
}
