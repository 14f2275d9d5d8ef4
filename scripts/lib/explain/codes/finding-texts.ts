import { npmRun } from '../../model';
import type { CodeText } from './code-text';

const ROTATION_STATUS = npmRun('keys', 'rotate', 'status', 'KEYSET');

/** Findings about the files of the project: source, org files, and replacements. */
const PROJECT_TEXTS: Readonly<Record<string, CodeText>> = {
  'no-orgs': [
    'config/orgs contains no org file, so no org can be planned.',
    'config/orgs: The project has no org file.',
    `Create it with the alias of a login: ${npmRun('setup', '--org', 'ORG')}`,
  ],
  'bad-alias': [
    'The name of an org file is the alias of a login, and it contains characters that are not safe in one.',
    'config/orgs/my uat.json: "my uat" isn\'t a valid alias.',
    'Rename the file. Use only letters, digits, _, -, ., and @, and start with a letter or digit.',
  ],
  'bad-org-file': [
    'A field of an org file is missing or has an invalid value.',
    'config/orgs/uat.json:2: orgId is invalid: must be an 18-character org ID (00D...) with a valid checksum.',
    'Correct the value. config/README.md describes each field with an example.',
  ],
  'bad-override': [
    'An override in an org file names no component or element that exists, or has an invalid value.',
    'config/orgs/uat.json:9: MessagingChannel has no element "masterLable".',
    'Correct the name or the value of the override.',
  ],
  'unknown-field': [
    'An org file contains a field that no org file has.',
    'config/orgs/uat.json:4: An org file has no field "chanels".',
    'Correct the spelling, or remove the field. config/README.md describes each field.',
  ],
  'shared-org-id': [
    'Two org files have the same org ID, so the org would be deployed twice at the same time.',
    'config/orgs/uat2.json:2: config/orgs/uat.json has the same orgId.',
    'Keep one org file for each org.',
  ],
  'unreadable-org-file': [
    "The path of an org file isn't a file, or it is a link without a target.",
    "config/orgs/uat.json: The org file can't be read: it isn't a file, or it is a link without a target.",
    'Replace it with a file, or delete it.',
  ],
  'ill-formed-json': [
    'A JSON file has a syntax error.',
    "config/orgs/uat.json:7: The file isn't valid JSON: a comma is missing.",
    'Fix the JSON syntax at the line.',
  ],
  'ill-formed-xml': [
    'A metadata file has an XML syntax error.',
    'force-app/main/default/messagingChannels/Web.messagingChannel-meta.xml:12: The element masterLabel is not closed.',
    'Fix the XML syntax at the line.',
  ],
  'wrong-root': [
    'The root element of a metadata file is not the type that its name states.',
    "The root element <PublicKeyCertificate> doesn't match the type in the file name, PublicKeyCertificateSet.",
    'Change the root element, or rename the file.',
  ],
  'wrong-suffix-case': [
    'The suffix of a metadata file has another case than the CLI expects, so the CLI ignores the file.',
    'The suffix of a PublicKeyCertificate file must be "PublicKeyCertificate" in exactly this case.',
    'Rename the file with the suffix in the case that the finding names.',
  ],
  'bad-name': [
    "The name of a metadata file isn't a valid developer name.",
    '"Web-Chat" isn\'t a valid developer name.',
    'Rename the file. Use only letters, digits, and _, and start with a letter.',
  ],
  'duplicate-component': [
    'Two files define the same component.',
    'MessagingChannel:Web_Chat is also defined in packages/chat/Web_Chat.messagingChannel-meta.xml.',
    'Keep one of the files.',
  ],
  'missing-content': [
    'An Apex class, a static resource, or a Lightning component has a metadata file but no content.',
    'The content of ApexClass:ChatSigner is missing.',
    'Restore the content file next to its metadata file.',
  ],
  'missing-package-directory': [
    'sfdx-project.json names a package directory that does not exist.',
    "The package directory force-app doesn't exist.",
    'Create the folder, or remove it from packageDirectories.',
  ],
  'no-package-directory': [
    'sfdx-project.json names no package directory.',
    'packageDirectories is missing or empty.',
    'Add { "path": "force-app", "default": true } to packageDirectories.',
  ],
  'package-directory-outside': [
    'A package directory is outside the project folder.',
    'The package directory ../shared is outside the project folder.',
    'Use a path inside the project folder.',
  ],
  'unknown-component': [
    'An org file names a channel or component that source does not define.',
    "config/orgs/uat.json:5: MessagingChannel:Web_Chatt doesn't exist in source.",
    'Correct the name, add the component to source, or remove it from the org file.',
  ],
  'unused-override': [
    'An org file overrides a component that the org does not receive, so the override has no effect.',
    "The override of MessagingChannel:Web_Chat has no effect, because uat doesn't receive MessagingChannel:Web_Chat.",
    'Correct the name, add the channel to "channels", or remove the override.',
  ],
  'retired-in-use': [
    'An org file retires a component that the org still receives.',
    'MessagingChannel:Web_Chat is retired, but uat receives it.',
    'Remove it from "retired", or remove what refers to it from "channels" and "include".',
  ],
  'accept-ended': [
    'An org file accepted a finding until a date that has passed.',
    'uat accepted shared-issuer until 2026-10-01. Its findings are reported with their full severity again.',
    'Remove the entry, or set a later date in "until".',
  ],
  'accept-not-possible': [
    'An org file accepts an error that protects customers and cannot be accepted.',
    "uat can't accept jwk-private-key: The key contains no private members.",
    'Remove the entry, and fix the findings of the rule.',
  ],
  'accept-unknown-rule': [
    'An org file accepts a rule that does not exist, so the entry has no effect.',
    'No rule has the ID "shared-isuer", so the entry has no effect.',
    'Copy the ID from a report, or remove the entry.',
  ],
  'also-trusted-ended': [
    'An org file accepted trust of other teams until a date that has passed. A deploy revokes it.',
    'uat accepted PublicKeyCertificateSet:Partner until 2026-10-01. It is undeclared trust now, and a deploy revokes it.',
    'Remove the entry, or set a later date in "until".',
  ],
  'also-trusted-unreviewed': [
    'An import accepted trust that an org already had, and nobody has reviewed it yet.',
    'The import accepted PublicKeyCertificateSet:Partner in uat. The entry has no reason yet.',
    'Write the reason and check "until". To revoke the trust, remove the entry and deploy.',
  ],
  'bad-replacement': [
    'An entry under "replacements" in sfdx-project.json is invalid.',
    'The replacement is invalid: filename or glob is required.',
    'Correct the entry. See "Replace Strings Before Deploying" in the Salesforce DX Developer Guide.',
  ],
  'replacement-applied': [
    'An environment variable or a file replaces a text of the source, so the result depends on this machine.',
    'The variable CHAT_ISSUER replaces a text in 1 file.',
    'No action is required if the value is the intended one.',
  ],
  'replacement-unused': [
    'A replacement matches no text, so nothing is replaced.',
    'The text ISSUER_PLACEHOLDER is in no file of the replacement.',
    'Correct the text or the file name, or remove the entry.',
  ],
  'replacement-with-secret': [
    'A replacement would write a secret variable into metadata, and from there into an org, plans, and reports.',
    'The variable SF_JWT_KEY holds a secret. Its value is not used.',
    'Use a variable without a secret. Keys of a keyset are public keys.',
  ],
  'replacement-without-value': [
    'The variable or file of a replacement is not available.',
    'The variable CHAT_ISSUER is not set.',
    'Set the variable, or create the file, before the command.',
  ],
  'member-site-missing': [
    'An org file configures a member site, and source does not contain the record with its settings.',
    "The project doesn't contain the signer record, so the member site can't be deployed.",
    'Add { "path": "member-site" } to packageDirectories in sfdx-project.json, or remove "memberSite" from the org file.',
  ],
  'signer-key': [
    'Apex would sign tokens for site members with a key that no keyset of the org lists, or that is not active.',
    "Apex would sign tokens for site members with the key Member_Key, but Member_Key isn't in the keyset Customer_Identity.",
    `Add the key to the keyset of the org. If source has no key of the certificate, import the certificate of the org as a key: ${npmRun('keys', 'import', 'NAME', '--org', 'ALIAS', '--setup-certificate', 'CERTIFICATE')}`,
  ],
};

/** Findings about an org, its import, and its deploy. */
const ORG_TEXTS: Readonly<Record<string, CodeText>> = {
  'member-site-template': [
    'The org has sites on which Salesforce does not support token-based user verification, such as LWR sites.',
    "In the org uat: members can't be verified on Shop (template Build Your Own (LWR)).",
    'Add the component to a site with the Aura template Build Your Own, Help Center, or Customer Service.',
  ],
  'agent-redeployed': [
    'Salesforce may drop the Agentforce Service Agent of a channel when the channel is deployed.',
    'In the org uat: the deploy of Web_Chat can drop its agent Service_Agent. The deploy then sets it again with the data API.',
    'Deploy while few customers chat.',
  ],
  'apex-coverage': [
    'The Apex tests of the deploy cover too little of the code.',
    'ChatSigner: 60% of the lines are covered. Salesforce requires 75%.',
    'Add tests for the lines that the finding names.',
  ],
  'apex-test': [
    'An Apex test of the deploy failed, so Salesforce rejected the deploy.',
    'ApexClass:ChatSignerTest signsToken: System.AssertException: Assertion Failed',
    `Fix the class or its test. Then resume the run: ${npmRun('deploy', '--resume')}`,
  ],
  'channel-not-imported': [
    'The org has channels that the import leaves out.',
    'Channels that are not imported: Partner_Chat.',
    'To import a channel, name it with --channel.',
  ],
  'channel-verifies-nobody': [
    'A channel requires tokens, and no key of its keysets can verify one: each key is missing, inactive, or a sample.',
    'In the org uat: nobody can start a chat on Web_Chat, because its keyset has no active key.',
    `Create your own key (${npmRun('keys', 'new', 'NAME', '--private-key', 'FILE')}) and list it in the keyset.`,
  ],
  'deployment-not-everywhere': [
    'A chat deployment is only in some of the orgs that have its channel. Every such org would receive it.',
    "The channel is in prod too, which doesn't have this chat deployment. A deploy would create it there.",
    'If every org with the channel should have it, retrieve it into the source.',
  ],
  'flow-not-retrieved': [
    'A channel uses a flow that a retrieve does not return, such as a flow of Salesforce.',
    "The channel uses the flow Route_Chats, which the org didn't return.",
    'No action for this org. In another org, create the flow before you deploy the channel.',
  ],
  'unreadable-source': [
    'An import leaves a component out, because source has a file of it with an error.',
    "MessagingChannel:Web_Chat has the file force-app/main/default/messagingChannels/Web_Chat.messagingChannel-meta.xml, which can't be read.",
    `Correct the file (${npmRun('check')}), then import again.`,
  ],
  'ignored-file': [
    '.forceignore excludes the file of a component to import, so plan would not read it.',
    'Queue:Chat has the file force-app/main/default/queues/Chat.queue-meta.xml, which .forceignore excludes.',
    'Remove the pattern from .forceignore, or leave the component to the org.',
  ],
  'unread-channel': [
    'The login can read the record of an active channel, but not its metadata, for example because a managed package contains the channel.',
    "In the org uat: the metadata of Rogue can't be read, so it's unknown whom this active channel trusts.",
    'Check the channels in Setup, Messaging Settings. If they belong to a managed package, ask its publisher.',
  ],
  'live-and-unmanaged': [
    'The org uses channels, chat deployments, or keysets that source does not manage. A deploy does not change them.',
    "In the org uat: MessagingChannel:Partner is live and unmanaged. A deploy doesn't change it.",
    `To turn it off, add it to "retired" in the org file. To manage it: ${npmRun('import', '--org', 'ALIAS')}`,
  ],
  'existing-trust': [
    'A channel trusts a keyset or key that the org file lists under "existing", and no file says which public keys it contains.',
    'In the org uat: a change of PublicKeyCertificateSet:Partner isn\'t detected, because "existing" declares only the name.',
    'Import it into the source, or list its keys under "alsoTrusted" in the org file.',
  ],
  'not-declared': [
    'An import leaves an element out of source, so it stays as it is in the org.',
    'Not imported, and unmanaged in the org: embeddedConfig.branding.',
    'No action. To manage an element, add it to the source file.',
  ],
  'production-trust': [
    'An org that is not production trusts the issuer, endpoint, or key of production, usually after a refresh.',
    "uat isn't a production org but trusts the issuer of prod. It was probably refreshed or copied from prod.",
    `Replace the trust: ${npmRun('post-refresh', '--org', 'ALIAS')}`,
  ],
  'retired-remains': [
    'A retired channel keeps its user verification configuration, which is disabled, so its keyset and keys cannot be deleted.',
    'In the org uat: PublicKeyCertificateSet:Partner remains, because retired channels keep their user verification configurations.',
    'Delete the user verification configurations of the channel in Setup, then deploy again.',
  ],
  'exportable-key': [
    'A person who exports the private key of the certificate can sign tokens for any customer anywhere, and the org shows no trace of it.',
    'In the org uat: the private key of the certificate Customer_Identity_2026_A can be exported.',
    'Create a certificate without Exportable Private Key in Setup, Certificate and Key Management, and rotate to its key.',
  ],
  'signer-record': [
    'Apex in the org would sign tokens for site members with other values than those that the org trusts.',
    'In the org uat: the signer record has the issuer https://old.example.com.',
    'Correct the record, certificate, or key in the org. A deploy deletes other records with the ID of the org.',
  ],
  'undeclared-trust': [
    'The org trusts keys or issuers that the import does not add to source. A deploy would revoke them.',
    'In the org uat: the keyset Partner verifies tokens and is not imported.',
    'Import its channel, or accept the trust under "alsoTrusted" in the org file.',
  ],
  'unmanaged-deployment': [
    'A chat deployment that source does not declare uses a channel that the plan changes.',
    "In the org uat: Old_Site also uses Web_Chat, but the source doesn't declare it, so it isn't published.",
    'Publish it in Setup after the deploy, or add it to the source.',
  ],
  'unsafe-name': [
    'The name of a component contains characters that a file name or a developer name cannot have.',
    'The name contains characters that Salesforce does not allow in a developer name.',
    'Rename the component in the org, then import again.',
  ],
};

/** Findings about rotations and about keys that no org uses. */
const ROTATION_TEXTS: Readonly<Record<string, CodeText>> = {
  'bad-rotation-file': [
    'A file in config/rotations is not valid, so the state of the rotation is unknown.',
    "config/rotations/Customer_Identity.json:1: The file isn't valid JSON.",
    'Restore the file from git. Only rotate commands change it.',
  ],
  'key-unused': [
    'No keyset of an org lists the key.',
    'No org uses the key Chat_2025, because no keyset of an org lists it.',
    `Stage it: ${npmRun('keys', 'rotate', 'stage', 'KEYSET', '--new-key', 'NAME')}. Or remove it from keysets with other keys, and delete its file and those of keysets without another key.`,
  ],
  'rotation-late': [
    'The certificate of the old key expires before the signer can have switched to the new key.',
    'The certificate of Chat_2026 expires at 2026-12-05 10:00 UTC, before the signer can have switched to Chat_2027.',
    `Take the next step now (${ROTATION_STATUS}), or import a new certificate for the old key: ${npmRun('keys', 'import', 'NAME', '--from', 'CERTIFICATE')}`,
  ],
  'rotation-missing': [
    'The certificate of a key in use expires soon, and no rotation replaces the key.',
    'The certificate of Chat_2026 expires at 2026-12-01 10:00 UTC and no rotation replaces it.',
    `Create a key and stage it now: ${npmRun('keys', 'new', 'NAME', '--private-key', 'FILE')}`,
  ],
  'rotation-overdue': [
    'The old key could be retired and is still trusted, so its private key can still sign tokens.',
    'Chat_2026 could be retired since 2026-11-20 10:00 UTC but is still trusted.',
    `Retire it: ${npmRun('keys', 'rotate', 'retire', 'KEYSET')}`,
  ],
  'rotation-stuck': [
    'A rotation has waited for its next step for more than 14 days.',
    'The rotation of Customer_Identity has been staged for 20 days without a next step.',
    `Show the next step: ${ROTATION_STATUS}`,
  ],
};

/** One text for each finding that isn't a rule of `check`. */
export const FINDING_TEXTS: Readonly<Record<string, CodeText>> = {
  ...PROJECT_TEXTS,
  ...ORG_TEXTS,
  ...ROTATION_TEXTS,
};
