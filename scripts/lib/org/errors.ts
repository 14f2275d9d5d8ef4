import { ToolError } from '../errors';
import type { OrgFacts } from '../model';

/** What the user of a login lacks, as the error that keeps a deployment from being sent; undefined when it lacks nothing. */
export function missingPermissionError(alias: string, { missingPermissions }: OrgFacts): ToolError | undefined {
  if (missingPermissions.length === 0) return undefined;
  return new ToolError('missing-permission', {
    what: `The user of the login "${alias}" lacks: ${missingPermissions.join(', ')}.`,
    why: 'Without it Salesforce refuses the deployment or leaves settings out of what it shows. Nothing was sent.',
    fix: 'Assign a permission set with these permissions to the user; User_Verification_Admin in force-app is one.',
  });
}

/** How a command is taken up again that broke off at an org. Which one it was is not known here. */
export const RESUME_HINT = 'Go on with a deploy: npm run deploy -- --resume; run any other command again.';
