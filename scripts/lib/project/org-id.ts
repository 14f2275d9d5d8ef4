const CHECK_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/**
 * The 18-character form of an org ID: 15 characters, and a checksum of 3 characters that encodes their case (Salesforce
 * knowledge article 000385585). Undefined if the text isn't an org ID, or if its checksum doesn't match.
 */
export function toOrgId18(id: string): string | undefined {
  if (!/^00D[A-Za-z0-9]{12}([A-Z0-5]{3})?$/.test(id)) return undefined;
  const fullId =
    id.slice(0, 15) + [0, 5, 10].map((start) => CHECK_CHARACTERS[capitalBits(id.slice(start, start + 5))]).join('');
  return id.length === 15 || id === fullId ? fullId : undefined;
}

const capitalBits = (chunk: string): number =>
  [...chunk].reduce((bits, letter, index) => bits + (/[A-Z]/.test(letter) ? 1 << index : 0), 0);
