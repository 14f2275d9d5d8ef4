import { applyEdits, modify } from 'jsonc-parser';

/** The text of an org file with another org id; everything else in it stays as it is written. */
export const repinned = (text: string, orgId: string): string => applyEdits(text, modify(text, ['orgId'], orgId, {}));
