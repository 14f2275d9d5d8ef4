import type { ErrorCode } from '../../errors';
import { npmRun, sfCommand } from '../../model';
import type { CodeText } from './code-text';

/** The codes that only the steps of a rotation have. */
type RotationCode = 'too-early';

const PLAN = npmRun('plan', '--org', 'ALIAS');
const RESUME = npmRun('deploy', '--resume');

/** One text for each code of an error. */
export const ERROR_TEXTS: Readonly<Record<ErrorCode | RotationCode, CodeText>> = {
  'invalid-flag': [
    'A command, a flag, its value, or a combination of flags is invalid, a flag is missing, or npm consumed a flag. Nothing was changed.',
    "Invalid flag or argument. No org was contacted. Why: Unknown option '--ogr'. (Did you mean --org?)",
    'Correct the command line. To see the flags of a command, add --help.',
  ],
  'no-project': [
    'The folder has no sfdx-project.json.',
    '/home/me has no sfdx-project.json. No org was contacted.',
    'Run the command in the folder of the Salesforce DX project, or specify the folder with --project.',
  ],
  'unreadable-file': [
    'A file or folder that you named, such as a run journal, a saved plan, or a report, is missing or has invalid content.',
    "The journal of run 2026-11-27T10-25-16-172Z-cfbade can't be read.",
    'Restore the file from a copy, make it readable, or specify another one.',
  ],
  'file-system': [
    'The operating system rejected an access to a file: no permission, no space, a read-only disk, or a wrong type.',
    "/project/.runs can't be used. Why: You have no permission.",
    'Resolve the reason that the error names, then run the command again.',
  ],
  'unknown-org': [
    'No org file in config/orgs has this alias.',
    'Org "uta" has no org file. No org was contacted.',
    'Use the name of a file in config/orgs without .json, or create the file.',
  ],
  'cli-missing': [
    "The Salesforce CLI that this package depends on (@salesforce/cli) isn't installed, or its process can't be started.",
    "The Salesforce CLI can't be started.",
    'Install the dependencies of the project: npm ci',
  ],
  'cli-crashed': [
    'The process of the Salesforce CLI ended before it returned a response, for example because memory ran out.',
    'The Salesforce CLI process exited during "project retrieve start".',
    'Run the command again. It reads the current state of the org first.',
  ],
  'cli-bad-output': [
    'The Salesforce CLI returned a response that this version of the project does not know.',
    'The response of "sf api request rest" has an unexpected shape.',
    'Install the version of @salesforce/cli that package.json specifies: npm ci',
  ],
  'bad-login': [
    'The login of an alias is incomplete or unsafe, such as a login with an instance URL that is not HTTPS.',
    'The login "uat" has the instance URL http://example.com.',
    `Log in again: ${sfCommand('org', 'login', 'web', '--alias', 'ALIAS')}`,
  ],
  'login-missing': [
    'The Salesforce CLI has no login with the alias of the org file.',
    'The sf CLI has no login with the alias "uat".',
    `Log in: ${sfCommand('org', 'login', 'web', '--alias', 'ALIAS', '--instance-url', 'URL')}. In a pipeline: ${npmRun('login', '--key-file', 'FILE')}`,
  ],
  'login-refused': [
    'Salesforce rejected the login: the session or refresh token expired or was revoked, or the connected app or user is not allowed to log in.',
    'Salesforce rejected the login of "uat": expired access/refresh token.',
    `Log in again: ${sfCommand('org', 'login', 'web', '--alias', 'ALIAS', '--instance-url', 'URL')}`,
  ],
  'org-unreachable': [
    'No Salesforce response came from the org: the connection was rejected or lost, or a proxy or another server answered.',
    'The org "uat" is unreachable. Why: The connection was rejected or lost.',
    'Check the network, the proxy (HTTPS_PROXY), and status.salesforce.com. A local org must be running. Then run the command again.',
  ],
  'org-busy': [
    'Another run or another deploy job works on the org. Nothing was changed.',
    '"uat" is locked by process 4711 on ci-runner-7. Nothing was deployed to it.',
    'Wait until the other work is done, then run the command again. To wait longer automatically, set --lock-timeout.',
  ],
  'org-mismatch': [
    'The login belongs to another org than the org file. Nothing was deployed to it.',
    'The login "uat" belongs to org 00D000000000002AAA, but "orgId" in config/orgs/uat.json is 00D000000000001AAA.',
    `Check the login: ${sfCommand('org', 'display', '--target-org', 'ALIAS')}. After a sandbox refresh: ${npmRun('post-refresh', '--org', 'ALIAS')}`,
  ],
  'missing-permission': [
    'The user of the login lacks permissions. Salesforce would reject the deploy or omit settings when they are retrieved.',
    'The user of the login "uat" is missing permissions: Modify Metadata Through Metadata API Functions. Nothing was changed.',
    'Assign a permission set with these permissions to the user, such as User_Verification_Admin in force-app.',
  ],
  'missing-in-org': [
    'Source names a component, such as a queue, flow, bot, or certificate, that the org does not have.',
    'Queue:Chat_Support doesn\'t exist in "uat". Nothing was deployed to it.',
    'Check the spelling of the name. Otherwise create it in the org, or remove the element from source.',
  ],
  'conflicting-setting': [
    'A setting that only the org has conflicts with a declared one. Salesforce would reject the deploy, or the channel would not work.',
    'MessagingChannel:Web_Chat can\'t be deployed to "uat". Settings of the org conflict at isSynchronousChatEnabled (rule session-based-chat).',
    'Declare the setting in source or under "overrides" in the org file, or change it in Setup.',
  ],
  'certificate-mismatch': [
    'The certificate that Apex signs with does not belong to the JSON web key that the org trusts.',
    'The certificate Chat_Signer in "uat" doesn\'t belong to the key Member_Key. Nothing was deployed to it.',
    `If the certificate is the right one, import its key: ${npmRun('keys', 'import', 'NAME', '--org', 'ALIAS', '--setup-certificate', 'CERTIFICATE')}`,
  ],
  'name-case': [
    'Two spellings of one name differ only in case. Salesforce treats them as the same name.',
    'The org has MessagingChannel:web_chat, and source has MessagingChannel:Web_Chat.',
    'Use the spelling of the org in source, or rename the component in one of the orgs.',
  ],
  'not-accepted': [
    "The plan has disruptive changes or undeclared trust that wasn't accepted. Nothing was changed.",
    "Nothing was changed: the plan has disruptive changes that weren't accepted.",
    `Review the plan. On a terminal, answer y. In a pipeline, add --accept disruptive: ${npmRun('deploy', '--org', 'ALIAS', '--accept', 'disruptive')}`,
  ],
  'compromised-key': [
    'A command would make an org trust a key pair that a rotation marked as compromised.',
    'The key Chat_2025 is compromised. Nothing was changed.',
    `Set isActive of the key to false in the source, and deploy it. To replace it, create a key pair: ${npmRun('keys', 'new', 'NAME', '--private-key', 'FILE')}`,
  ],
  'expiring-key': [
    'A plan uploads a key whose certificate expires in less than 10 days, has expired, or is not valid yet. Salesforce would reject the deploy. Other orgs are not affected.',
    'The key Chat_2025 can\'t be uploaded to "uat". Nothing was deployed to it. Why: Its certificate is valid from 2026-01-03 to 2027-01-03 (UTC).',
    `Import a new certificate for the same key pair: ${npmRun('keys', 'import', 'NAME', '--from', 'FILE')}. Or create a key (${npmRun('keys', 'new', 'NAME', '--private-key', 'FILE')}) and rotate to it: ${npmRun('keys', 'rotate', 'stage', 'KEYSET', '--new-key', 'NAME')}`,
  ],
  'plan-stale': [
    'The org changed after the plan was computed or saved, so the plan that was approved no longer applies.',
    '"uat" changed after the plan was saved. Nothing was deployed to it.',
    `Save and review a new plan: ${npmRun('plan', '--org', 'ALIAS', '--out', 'FILE')}`,
  ],
  'plan-invalid': [
    "The saved plan is truncated, was edited, or isn't a plan of this project.",
    "plan.json can't be used. No org was contacted. Why: The checksum doesn't match.",
    `Copy the original file again, or save a new plan: ${npmRun('plan', '--out', 'FILE')}`,
  ],
  'plan-expired': [
    'The saved plan is older than --max-age, which is 24 hours by default.',
    'The saved plan has expired. No org was contacted.',
    'Save a new plan and get it approved, or set another limit with --max-age, such as 48h.',
  ],
  'unknown-run': [
    'No run with this ID, or no run that can be resumed or rolled back, is in the folder of journals.',
    'No run "2026-11-27" to resume.',
    `List the runs: ${npmRun('runs')}. Specify another folder of journals with --runs.`,
  ],
  'wave-skipped': [
    'An org of an earlier wave failed, so the orgs of later waves were not changed.',
    'Wave 3 was skipped. Why: qa2 (wave 2) failed.',
    `Resolve the failure, then resume the run: ${RESUME}`,
  ],
  'deploy-failed': [
    'Salesforce rejected or canceled the deploy job. A rejected deploy job changes nothing.',
    'Salesforce rejected the deploy to "uat". Nothing in "uat" was changed. Why: UNABLE_TO_LOCK_ROW.',
    `Resolve the errors that Salesforce reports, then resume the run: ${RESUME}`,
  ],
  'deploy-unknown': [
    'A request was sent, but its response was lost, and the org does not show yet whether the request had an effect.',
    'The status of the deploy to "uat" is unknown. Why: It was submitted, but no job ID was returned.',
    `Resume the run. It determines the result and deploys what is left: ${RESUME}`,
  ],
  'concurrent-deploy': [
    'Another user or pipeline deployed to the org at the same time, after the org was read.',
    'Deploy job 0Af000000000001AAA in "uat" may have overwritten changes of deploy job 0Af000000000002AAA by admin@example.com.',
    `Check the changes of the other job (Setup, Deployment Status), then compare: ${PLAN}`,
  ],
  'retrieve-failed': [
    'Salesforce did not return the components or records of the org completely.',
    "\"uat\" can't be read. Why: Entity of type 'MessagingChannel' is not available in this organization.",
    'Enable Messaging, and give the user of the login access to the components that Salesforce reports. Then run the command again.',
  ],
  'activate-failed': [
    'Salesforce rejected the activation or deactivation of a messaging channel.',
    'A channel of "uat" can\'t be activated.',
    `Activate the channel in Setup, Messaging Settings, and read the error there. Then: ${RESUME}`,
  ],
  'routing-failed': [
    'After the deploy, the agent or the fallback queue of a channel was not set.',
    'The agent of a channel of "uat" can\'t be set.',
    `Check in Setup that the agent exists and is active. Then: ${RESUME}`,
  ],
  'publish-failed': [
    'The settings were deployed, but Salesforce did not publish the chat deployment. Sites and apps keep the earlier settings.',
    'A chat deployment of "uat" can\'t be published.',
    `Publish it in Setup, Embedded Service Deployments, or run: ${RESUME}`,
  ],
  'readback-mismatch': [
    'The deploy job succeeded, but the org does not have the values that were deployed.',
    'The deploy to "uat" succeeded, but the org doesn\'t match what was deployed.',
    `Compare them: ${PLAN}. If the same settings differ again, Salesforce stores other values than those declared.`,
  ],
  'kept-list-items': [
    'A deploy removed keys or user verification configurations from a list, and Salesforce kept them.',
    'The deploy to "uat" succeeded, but Salesforce kept items that it removed: PublicKeyCertificateSet:Customer_Identity publicKeyCertificateSetKeys[Old_Key].',
    `Remove them from their lists in Setup, then run: ${PLAN}`,
  ],
  'port-taken': [
    'Another process uses the port, or the folder of the state, of a local org or server.',
    "The local orgs can't be started. Why: listen EADDRINUSE: address already in use 127.0.0.1:4801",
    'Stop the other process, or specify another port (--port) or another folder (--state).',
  ],
  'alias-taken': [
    'A local org needs an alias that belongs to a login of another org.',
    'The alias "dev" already belongs to https://example.my.salesforce.com. No local org was logged in.',
    `Choose another alias with --org, or remove the alias: ${sfCommand('alias', 'unset', 'ALIAS')}`,
  ],
  'already-exists': [
    'A file, key, or keyset that the command would create exists, and it is never overwritten silently.',
    'uat.pem already exists.',
    'Specify another name or file, or delete the existing one if nothing needs it.',
  ],
  'replaced-text': [
    'sfdx-project.json replaces a text in the file that the command would write, so its content depends on the environment.',
    "force-app/main/default/PublicKeyCertificateSet/Customer_Identity.PublicKeyCertificateSet-meta.xml can't be rewritten. No file was changed.",
    'Declare the value for each org under "overrides" in its org file, and remove the replacement.',
  ],
  'nothing-to-import': [
    'The org has no channel that can be imported, or the login cannot see it.',
    'uat has no channel to import. Nothing was written.',
    'Check the names in --channel, and give the user of the login access to the messaging channels.',
  ],
  'invalid-project': [
    'The source or an org file has errors, so the command cannot plan.',
    "uat can't be planned after the import. Why: The project has 2 errors: unresolved-reference, bad-org-file.",
    `Fix the findings: ${npmRun('check')}`,
  ],
  'unsafe-location': [
    'A file with a secret would be written where git could commit it or where other users could read it.',
    'The private key would be written into the repository. Nothing was created.',
    'Specify a file outside the repository, or one that .gitignore excludes, in a folder of your own.',
  ],
  'command-failed': [
    'A command that you named, such as --token-command or --private-key-command, failed or printed no usable result.',
    'The command of --token-command returned no token. Why: It ended with exit code 1.',
    'Run the command manually. It must print only the token or key to standard output.',
  ],
  'unknown-component': [
    'A name that you gave, such as that of a channel, key, or keyset, is not in source or not in the org.',
    'uat receives no channel "Web_Chatt". Its channels: Web_Chat.',
    'Correct the name, or add the component to source and to the org file.',
  ],
  'unknown-input': [
    "The text on standard input isn't a token, a known error message, or an HTTP response.",
    'The input contains no token and no known error. No org was contacted.',
    'Pass the identity token, the whole error message, or the whole HTTP response with its status.',
  ],
  'endpoint-unreachable': [
    'A JWKS endpoint or discovery document could not be read over HTTPS.',
    "https://id.example.com/jwks couldn't be read. Why: The name of the host can't be resolved.",
    'Check from outside your network that the URL responds. Salesforce must reach it too.',
  ],
  'chat-api-unknown': [
    'The SCRT2 URL of the org, where the Enhanced Chat API is served, cannot be derived from the login.',
    'The SCRT2 URL of "uat" is unknown.',
    'Add "scrt2URL" to the org file. Setup shows the URL in the code snippet of the Embedded Service Deployment.',
  ],
  'chat-api-unreachable': [
    'The host of the Enhanced Chat API (SCRT2 URL) did not respond.',
    'The Enhanced Chat API of "uat" didn\'t respond.',
    'Check scrt2URL in the org file, the proxy, and status.salesforce.com. Then run the command again.',
  ],
  'monitor-failed': [
    'A check that only the monitor has failed in the org: the share of verified chats, a certificate, or an incomplete run.',
    'The monitor found problems in "prod". Why: 1 check failed: traffic (verified chats).',
    `Fix each failed check as it describes, then run: ${npmRun('monitor', '--org', 'ALIAS')}`,
  ],
  'canary-failed': [
    'After the deploy to an org, the share of verified chats was too low, so the next wave was skipped.',
    'The share of verified chats in "prod_de" is too low. Why: verified chats of Web_Chat: 71.4% of 42 chats are verified (minimum: 95%).',
    `Resolve the cause, then resume the run: ${RESUME}`,
  ],
  'canary-inconclusive': [
    'After the deploy to an org, too few customers chatted, or the org did not respond, so the next wave was skipped.',
    'The share of verified chats in "prod_de" is unknown. The org keeps the deploy. Why: 3 chats are too few to tell (minimum: 20).',
    `Watch again when customers chat: ${RESUME}`,
  ],
  'verify-failed': [
    'At least one check with valid or forged tokens failed.',
    '"uat" failed its verification. Why: 1 check failed: Web_Chat (accepted).',
    `Fix each failed check as it describes. To trace one token: ${npmRun('token', 'explain')} < token.txt`,
  ],
  'invalid-rotation': [
    'The step is not the next one of the rotation, or the rotation does not fit the source.',
    "The step can't be taken. Nothing was changed. Why: The new key isn't staged in uat.",
    `Show the next step: ${npmRun('keys', 'rotate', 'status', 'KEYSET')}`,
  ],
  'too-early': [
    'Tokens of the old key can still be valid, or caches can still have the old JWKS document.',
    "It's too early for this step. Nothing was changed.",
    `Wait until the time that the error names. To show it again: ${npmRun('keys', 'rotate', 'status', 'KEYSET')}`,
  ],
  interrupted: [
    'You stopped the command, or npm, which started it, ended.',
    'Run 2026-11-27T18-30-46-132Z-b6656c was stopped. Why: It received a stop signal, or npm ended.',
    `Submitted deploy jobs keep running in Salesforce. To resume the run: ${RESUME}`,
  ],
  internal: [
    'An error occurred that the command has no message for.',
    'Unexpected error. Why: x is not a function',
    'Run the command again with --debug, and report its output.',
  ],
};
