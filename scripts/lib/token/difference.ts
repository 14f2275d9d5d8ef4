/**
 * Where two texts part, in words: an issuer has to be the same byte for byte (Metadata API guide, jwtIssuer: case-sensitive),
 * and the eye does not see a blank or a look-alike letter. Undefined where they are the same.
 */
export function firstDifference(stated: string, given: string): string | undefined {
  if (stated === given) return undefined;
  const [one, other] = [[...stated], [...given]];
  const at = one.findIndex((character, index) => character !== other[index]);
  const place = at < 0 ? one.length : at;
  const where = `at character ${place + 1} the keyset has ${named(one[place])} and the token ${named(other[place])}`;
  return `${where}${hint(stated, given)}`;
}

function named(character: string | undefined): string {
  if (character === undefined) return 'nothing more';
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  return /[!-~]/.test(character) ? `"${character}"` : code;
}

function hint(stated: string, given: string): string {
  if (`${stated}/` === given || stated === `${given}/`) return ' (a slash too many)';
  if (stated.toLowerCase() === given.toLowerCase()) return ' (upper and lower case differ)';
  return stated.trim() === given.trim() ? ' (a blank too many)' : '';
}
