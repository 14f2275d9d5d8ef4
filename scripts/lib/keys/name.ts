import { EXIT, ToolError } from '../errors';

/** Developer names of Salesforce: letters, digits and single underscores, a letter first, 80 characters at most. */
const DEVELOPER_NAME = /^(?!.*__)[A-Za-z](?:\w{0,78}[A-Za-z0-9])?$/;

/** Refuses what Salesforce takes for no developer name; it also becomes the name of a file. */
export function verifyName(name: string): void {
  if (DEVELOPER_NAME.test(name)) return;
  throw new ToolError(
    'bad-flag',
    {
      what: 'The name of the key is no developer name.',
      why: 'Salesforce takes letters, digits and single underscores, a letter first and no underscore last, up to 80.',
      fix: 'Name it like Customer_Identity_2027.',
    },
    { exit: EXIT.invalid },
  );
}

/** `Customer_Identity_2027` as a label. */
export const labelOf = (name: string): string => name.replaceAll('_', ' ');
