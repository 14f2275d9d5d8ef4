/**
 * Where two texts part, in words: an issuer has to be the same byte for byte (Metadata API guide, jwtIssuer: case-sensitive),
 * and the eye does not see a blank or a look-alike letter. Undefined where they are the same.
 */
export function firstDifference(declared: string, given: string): string | undefined {
  if (declared === given) return undefined;
  const [one, other] = [[...declared], [...given]];
  const at = one.findIndex((character, index) => character !== other[index]);
  const place = at < 0 ? one.length : at;
  const where = `at character ${place + 1} the keyset has ${describeCharacter(one[place])} and the token ${describeCharacter(other[place])}`;
  return `${where}${differenceHint(declared, given)}`;
}

function describeCharacter(character: string | undefined): string {
  if (character === undefined) return 'nothing more';
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  return /[!-~]/.test(character) ? `"${character}"` : code;
}

function differenceHint(declared: string, given: string): string {
  if (`${declared}/` === given || declared === `${given}/`) return ' (a slash too many)';
  if (declared.toLowerCase() === given.toLowerCase()) return ' (upper and lower case differ)';
  return declared.trim() === given.trim() ? ' (a blank too many)' : '';
}
