import { npmRun, sfCommand } from '../../model';
import { keyFix } from '../../rules';

/** An example of a rule's finding as a report shows it, and its fix. The cause is the requirement of the rule. */
export type RuleText = readonly [example: string, fix: string];

/** One example for each rule of `check`. The rule states the requirement and its source. */
export const RULE_TEXTS: Readonly<Record<string, RuleText>> = {
  'unknown-element': [
    'MessagingChannel:Web descripton: MessagingChannel has no element "descripton". It is deployed unchanged, and Salesforce may reject the file.',
    'Did you mean "description"?',
  ],
  'missing-element': [
    'MessagingChannel:Web sessionHandlerType: MessagingChannel requires sessionHandlerType. Salesforce rejects it without this element.',
    'Set sessionHandlerType to one of: Queue, Flow, User, AgentforceServiceAgent.',
  ],
  'newer-element': [
    'EmbeddedServiceConfig:Mobile_App embeddedServiceMessagingChannel.shouldShowAgentforceTagline: EmbeddedServiceMessagingChannel.shouldShowAgentforceTagline belongs to API 66.0 and later, but sourceApiVersion is 65.0. Salesforce may reject the file.',
    'Set "sourceApiVersion" to "66.0" or later, or remove the element.',
  ],
  'repeated-element': [
    'MessagingChannel:Web masterLabel: masterLabel occurs 2 times. Only one is allowed.',
    'Keep one of them.',
  ],
  'duplicate-list-item': [
    'PublicKeyCertificateSet:Customer_Identity publicKeyCertificateSetKeys[Key_B]: An earlier publicKeyCertificateSetKeys has the same key.',
    'Keep one of them.',
  ],
  'bad-value': [
    'PublicKeyCertificateSet:Customer_Identity type: "Jwks" is not a valid value of type. Valid values: JWKS, JWKS_URL.',
    'Did you mean "JWKS"?',
  ],
  'unresolved-reference': [
    'MessagingChannel:Web sessionHandlerQueue: Queue:Chats is referenced here, but neither the source nor the org file provides it. A deploy fails.',
    'Add it to the source, or list "Queue:Chats" under "existing" in the file of each org that has it.',
  ],
  'undeployed-reference': [
    "MessagingChannel:Web sessionHandlerFlow: Flow:Route is referenced here. The project contains it (force-app/main/default/flows/Route.flow-meta.xml), but these commands don't deploy its type, so each org must have it already. plan looks it up.",
    `Deploy it to the org with ${sfCommand('project', 'deploy', 'start', '--metadata', 'Flow:Route', '--target-org', 'ALIAS')}, and add this line to the file of each org that has it: "existing": ["Flow:Route"].`,
  ],
  'ignored-reference': [
    'Queue:Chat queueRoutingConfig: QueueRoutingConfig:Chat is referenced here, but .forceignore excludes force-app/main/default/queueRoutingConfigs/Chat.queueRoutingConfig-meta.xml, so no org receives it.',
    'Remove the pattern from .forceignore, or add this line to the file of each org that has it: "existing": ["QueueRoutingConfig:Chat"].',
  ],
  'api-version': [
    "sourceApiVersion: sourceApiVersion is 61.0. Below 62.0, Salesforce ignores embeddedConfig without an error, so user verification isn't deployed.",
    'Set "sourceApiVersion": "67.0", or another version from 62.0.',
  ],
  'api-version-not-set': [
    "sourceApiVersion: sourceApiVersion isn't set. This project uses 67.0, and the CLI uses the newest version of each org.",
    'Set "sourceApiVersion": "67.0".',
  ],
  'org-value': [
    "EmbeddedServiceConfig:Mobile_App site: One org generated this site. It isn't deployed to another one: each org keeps its own.",
    'Remove the element.',
  ],
  'chat-deployment-channel': [
    "EmbeddedServiceConfig:Mobile_App embeddedServiceMessagingChannel: The chat deployment names no channel, so it would keep the one that it has in the org, and a change of it isn't detected.",
    'Set messagingChannel in embeddedServiceMessagingChannel to the developer name of a channel.',
  ],
  'auth-mode-not-set': [
    "MessagingChannel:Guest embeddedConfig.authMode: authMode is not declared, so a deploy doesn't turn user verification on or off. Only an accepted user verification configuration requires it to be on.",
    'Add <embeddedConfig><authMode>Auth</authMode></embeddedConfig>, or UnAuth for a channel without user verification.',
  ],
  'auth-mode': [
    'MessagingChannel:Guest embeddedConfig.authMode: authMode is "Unauth". Salesforce accepts only Auth (user verification on) and UnAuth (off).',
    'Set authMode to Auth or UnAuth. The values are case-sensitive.',
  ],
  'not-enhanced-chat': [
    "MessagingChannel:Web messagingChannelType: A channel of type WhatsApp can't verify users. Only Enhanced Chat channels can.",
    'Set messagingChannelType to EmbeddedMessaging, or set authMode to UnAuth and remove messagingAuthorizations.',
  ],
  'session-based-chat': [
    'MessagingChannel:Web isSynchronousChatEnabled: Session-Based Chat and user verification are both on. Salesforce rejects a channel with both.',
    'Set isSynchronousChatEnabled to false.',
  ],
  'channel-without-queue': [
    'MessagingChannel:Guest sessionHandlerQueue: sessionHandlerQueue is not set, so nobody receives the conversations of a new channel.',
    'Set sessionHandlerQueue to the developer name of a queue.',
  ],
  'queue-without-sessions': [
    "Queue:Chat queueSobject: A channel routes to this queue, but the queue doesn't accept MessagingSession.",
    'Add a queueSobject with sobjectType MessagingSession.',
  ],
  'queue-without-routing': [
    'Queue:Chat queueRoutingConfig: A channel routes to this queue, but the queue has no routing configuration. Customers see that no service rep is available.',
    'Set queueRoutingConfig to the developer name of a QueueRoutingConfig.',
  ],
  'unverified-expiration': [
    "MessagingChannel:Guest embeddedConfig.anonymousUserJwtExpirationTime: Access tokens for unverified users can't expire after 59 minutes.",
    'Set 60 to 4320 minutes. The default is 360.',
  ],
  'verified-expiration': [
    "MessagingChannel:Web embeddedConfig.verifiedUserJwtExpirationTime: Access tokens for verified users can't expire after 59 minutes.",
    'Set 60 to 240 minutes. The default is 60.',
  ],
  'verified-expiration-disputed': [
    'MessagingChannel:Web embeddedConfig.verifiedUserJwtExpirationTime: Salesforce may reject 241 minutes for verified users. One source allows up to 240, another shows 360.',
    'Set 240 minutes or less, or test the value in a sandbox.',
  ],
  'app-mixed-verification': [
    'MessagingChannel:Web embeddedConfig.authMode: App com.example.shop is served by Web with user verification on (named in its description) and by Guest with it off (named in its description). An app is either verified or unverified.',
    'Set the same authMode in both channels (Auth with messagingAuthorizations, UnAuth without), or remove the app from one of them.',
  ],
  'auth-without-authorization': [
    'MessagingChannel:Web embeddedConfig.messagingAuthorizations: User verification is on, but no user verification configuration is enabled. The channel deploys, and then Salesforce rejects every token.',
    'Set enabled to true in a user verification configuration, or add one with a keyset.',
  ],
  'authorization-without-auth': [
    'MessagingChannel:Web embeddedConfig.messagingAuthorizations[Partner]: The channel has a user verification configuration, but authMode is UnAuth, so no user is verified.',
    'Set authMode to Auth, or remove messagingAuthorizations. To turn user verification off in one org, also override messagingAuthorizations with null there.',
  ],
  'authorization-type': [
    'MessagingChannel:Web embeddedConfig.messagingAuthorizations[Customer].authorizationType: authorizationType is AuthProvider. Salesforce supports only PublicKeyCertificateSet.',
    'Set authorizationType to PublicKeyCertificateSet and publicKeyCertificateSetName to a keyset.',
  ],
  'authorization-provider': [
    'MessagingChannel:Web embeddedConfig.messagingAuthorizations[Customer].authProviderName: authProviderName is set. The Metadata API guide says that it must never be set.',
    'Remove authProviderName and set publicKeyCertificateSetName to a keyset.',
  ],
  'authorization-keyset': [
    'MessagingChannel:Web embeddedConfig.messagingAuthorizations[Customer].publicKeyCertificateSetName: The user verification configuration names no keyset. Salesforce rejects it: "Required fields are missing: [AuthorizationConfigId]".',
    'Set publicKeyCertificateSetName to a keyset.',
  ],
  'authorization-enabled-not-set': [
    'MessagingChannel:Web embeddedConfig.messagingAuthorizations[Other].enabled: enabled is not declared. The default is false, so a deploy disables the user verification configuration.',
    'Set enabled to true or false.',
  ],
  'auth-identifier': [
    'MessagingChannel:Web embeddedConfig.messagingAuthorizations[1Other].authIdentifier: Salesforce rejects the Configuration Name "1Other".',
    'Use only letters, digits, and underscores, and start with a letter.',
  ],
  'identifier-two-keysets': [
    "MessagingChannel:Web embeddedConfig.messagingAuthorizations[Customer].publicKeyCertificateSetName: Configuration Name Customer belongs to keyset Partner here and to Uploaded in Mobile. The issuer of one keyset can open conversations of the other's customers.",
    'Use one keyset in both, or give each keyset its own Configuration Name.',
  ],
  'keyset-two-identifiers': [
    "MessagingChannel:Web embeddedConfig.messagingAuthorizations[Customer_Web].authIdentifier: Keyset Uploaded has the Configuration Name Customer_Web here and Customer in Mobile. A customer's conversation doesn't continue from one channel to the other.",
    'Use the same authIdentifier in both, unless the conversations must stay separate.',
  ],
  'keyset-endpoint-unused': [
    'PublicKeyCertificateSet:Customer_Identity jwksEndPoint: The keyset has type JWKS (uploaded keys) and a JWKS endpoint. Salesforce rejects the combination.',
    'Remove jwksEndPoint, or set type to JWKS_URL and remove the keys.',
  ],
  'keyset-without-endpoint': [
    'PublicKeyCertificateSet:Customer_Identity jwksEndPoint: The keyset has type JWKS_URL but no JWKS endpoint.',
    'Set jwksEndPoint to the https URL of the JWKS document.',
  ],
  'keyset-keys-unused': [
    "PublicKeyCertificateSet:Customer_Identity publicKeyCertificateSetKeys: The keyset has type JWKS_URL and lists uploaded keys. Salesforce doesn't use them.",
    'Remove publicKeyCertificateSetKeys, or set type to JWKS and remove jwksEndPoint.',
  ],
  'keyset-without-keys': [
    'PublicKeyCertificateSet:Customer_Identity publicKeyCertificateSetKeys: The keyset lists no key, so every token is rejected.',
    'Add publicKeyCertificateSetKeys with the name of a key (PublicKeyCertificate).',
  ],
  'issuer-missing': [
    'PublicKeyCertificateSet:Customer_Identity jwtIssuer: The keyset has no issuer, so no token matches it.',
    'Set jwtIssuer to the exact value of "iss" in your tokens.',
  ],
  'issuer-whitespace': [
    'PublicKeyCertificateSet:Customer_Identity jwtIssuer: The issuer has whitespace before or after it. It must equal "iss" in the tokens byte for byte.',
    'Write jwtIssuer on one line, without whitespace around it.',
  ],
  'duplicate-kid': [
    'PublicKeyCertificateSet:Customer_Identity publicKeyCertificateSetKeys[Key_C].publicKeyCertificate: The key has the same kid as Key_B. Tokens name their key by kid, and no source says which of the two keys Salesforce then uses.',
    'Give each key of the keyset its own kid.',
  ],
  'keyset-without-active-key': [
    'PublicKeyCertificateSet:Customer_Identity publicKeyCertificateSetKeys: No key of the keyset is active, so every token is rejected.',
    'Set isActive to true in at least one of its keys.',
  ],
  'endpoint-not-url': [
    'PublicKeyCertificateSet:Customer_Identity jwksEndPoint: The JWKS endpoint is not a URL.',
    'Set jwksEndPoint to a URL such as https://host/path.',
  ],
  'endpoint-not-clean': [
    'PublicKeyCertificateSet:Customer_Identity jwksEndPoint: The JWKS endpoint lacks the "//" before the host, or has an extra "/".',
    'Set jwksEndPoint to the exact URL, such as https://host/path, on one line.',
  ],
  'endpoint-discovery': [
    'PublicKeyCertificateSet:Customer_Identity jwksEndPoint: The JWKS endpoint is the URL of a discovery document, which names the JWKS document and contains no keys.',
    'Open the URL, and set jwksEndPoint to the value of "jwks_uri" in the document.',
  ],
  placeholder: [
    'PublicKeyCertificateSet:Customer_Identity jwksEndPoint: jwksEndPoint is "https://id.example.org/{tenant}/keys", which contains a placeholder. Nothing replaces it before the deploy.',
    'Set the real value. If it differs between orgs, declare it under "overrides" in each org file, or under "replacements" in sfdx-project.json.',
  ],
  'endpoint-not-https': [
    "PublicKeyCertificateSet:Customer_Identity jwksEndPoint: The JWKS endpoint doesn't use HTTPS. Anyone on the network path can replace its keys.",
    'Serve the JWKS document over HTTPS and set its https URL.',
  ],
  'endpoint-credentials': [
    "PublicKeyCertificateSet:Customer_Identity jwksEndPoint: The JWKS endpoint contains a user name or a password. The keys are public, and Salesforce doesn't log in.",
    'Serve the JWKS document without a login, remove the credentials from the URL, and change them.',
  ],
  'endpoint-private': [
    "PublicKeyCertificateSet:Customer_Identity jwksEndPoint: The JWKS endpoint has a loopback, private, or reserved address. Salesforce can't reach it.",
    'Serve the JWKS document from a public host.',
  ],
  'endpoint-salesforce': [
    'PublicKeyCertificateSet:Customer_Identity jwksEndPoint: The JWKS endpoint is on a Salesforce host. Salesforce requires a host outside Salesforce.',
    'Serve the JWKS document from your identity provider, or upload the keys (type JWKS).',
  ],
  'endpoint-fragment': [
    'PublicKeyCertificateSet:Customer_Identity jwksEndPoint: The JWKS endpoint has a fragment ("#..."), which is never sent to a server.',
    'Remove the "#" and everything after it.',
  ],
  'compromised-key': [
    'PublicKeyCertificate:Key_A isActive: The key has the key pair of Leaked, which the rotation of Customer_Identity marked as compromised on 2026-10-01.',
    `Set isActive to false. To replace the key, create a key pair: ${npmRun('keys', 'new', 'NAME', '--private-key', 'FILE')}`,
  ],
  'key-active-not-set': [
    'PublicKeyCertificate:Key_C isActive: isActive is not declared. The default is false, so a deploy makes the key inactive and its tokens are rejected.',
    'Set isActive to true or false.',
  ],
  'duplicate-key': [
    "PublicKeyCertificateSet:Customer_Identity publicKeyCertificateSetKeys[Key_C].publicKeyCertificate: The key is the same as Key_B. Replacing one with the other doesn't change the key.",
    `Remove one of them from the keyset, or create a key pair (${npmRun('keys', 'new', 'NAME', '--private-key', 'FILE')}), list it instead of one of them, and delete the file of that one.`,
  ],
  'jwk-not-json': [
    "PublicKeyCertificate:Key_C jsonWebKey: The key isn't well-formed JSON.",
    'Specify the public key as one JSON object, with its opening and closing brace.',
  ],
  'jwk-not-one-key': [
    'PublicKeyCertificate:Key_C jsonWebKey: The text is an array or a JWKS document. Salesforce accepts only a single key.',
    'Specify one key without an array or "keys". Create a separate component for each further key.',
  ],
  'jwk-duplicate-member': [
    'PublicKeyCertificate:Key_C jsonWebKey: The key has a duplicate member. Which of the two values applies depends on the reader.',
    'Remove the duplicate member.',
  ],
  'jwk-private-key': [
    'PublicKeyCertificate:Key_C jsonWebKey: The key contains the private members d, p, q, dp, dq, qi. Anyone who can read it can sign tokens for any customer.',
    'Remove it from all files and from the Git history, and replace the key pair, because it may be compromised.',
  ],
  'jwk-placeholder-members': [
    "PublicKeyCertificate:Key_C jsonWebKey: Placeholder letters of Salesforce's key tool, not secrets, are in: y, crv, d, k.",
    'No action is required. You can remove them.',
  ],
  'jwk-not-rsa': [
    "PublicKeyCertificate:Key_C jsonWebKey: The key isn't an RSA key (kty is EC). Salesforce supports only RS256 and RS512.",
    keyFix('jwk-not-rsa', 'Key_C'),
  ],
  'jwk-numbers': [
    'PublicKeyCertificate:Key_C jsonWebKey: n is missing or not base64url.',
    'Encode n and e with a JWK library: big-endian, base64url without padding (RFC 7518, section 6.3.1).',
  ],
  'jwk-too-short': [
    'PublicKeyCertificate:Key_C jsonWebKey: The key has 1024 bits. Salesforce requires at least 2048.',
    keyFix('jwk-too-short', 'Key_C'),
  ],
  'jwk-alg': [
    "PublicKeyCertificate:Key_C jsonWebKey: The algorithm of the key isn't RS256 or RS512 (alg is RS384). Salesforce rejects the key.",
    'Set "alg" to "RS256" or "RS512", the algorithm that signs your tokens.',
  ],
  'jwk-use': [
    "PublicKeyCertificate:Key_C jsonWebKey: The key isn't for signatures (use is enc).",
    'Set "use" to "sig".',
  ],
  'jwk-key-ops': [
    `PublicKeyCertificate:Key_C jsonWebKey: key_ops doesn't contain "verify".`,
    'Remove key_ops, or set it to ["verify"].',
  ],
  'jwk-kid': [
    "PublicKeyCertificate:Key_C jsonWebKey: kid is missing or isn't a string. A token refers to its key by kid, so no token can be verified.",
    'Add a "kid" that is unique in the keyset, and use it in the header of each token.',
  ],
  'jwk-x5c-missing': [
    'PublicKeyCertificate:Key_C jsonWebKey: x5c is missing. Salesforce rejects the key, or it accepts the key and then silently rejects all of its tokens.',
    keyFix('jwk-x5c-missing', 'Key_C'),
  ],
  'jwk-x5c-encoding': [
    'PublicKeyCertificate:Key_C jsonWebKey: x5c is base64url. Unlike n and e, a certificate must be in standard base64, with + and /.',
    keyFix('jwk-x5c-encoding', 'Key_C'),
  ],
  'jwk-x5c-other-key': [
    "PublicKeyCertificate:Key_C jsonWebKey: The certificate in x5c doesn't match the key in n and e.",
    keyFix('jwk-x5c-other-key', 'Key_C'),
  ],
  'jwk-x5c-ca': [
    "PublicKeyCertificate:Key_C jsonWebKey: The certificate is the one of a certificate authority (CN=Shop Root CA), which signs certificates, not tokens. If its key doesn't sign your tokens, all of them are rejected.",
    keyFix('jwk-x5c-ca', 'Key_C'),
  ],
  'jwk-x5c-expired': [
    'PublicKeyCertificate:Key_C jsonWebKey: The certificate expired on 2026-10-01. Salesforce rejects the key.',
    keyFix('jwk-x5c-expired', 'Key_C'),
  ],
  'jwk-x5c-not-yet-valid': [
    "PublicKeyCertificate:Key_C jsonWebKey: The certificate isn't valid until 2026-10-01.",
    keyFix('jwk-x5c-not-yet-valid', 'Key_C'),
  ],
  'jwk-x5c-expires-soon': [
    'PublicKeyCertificate:Key_C jsonWebKey: The certificate expires on 2026-10-11 (in 9 days). Salesforce requires at least 10 days.',
    keyFix('jwk-x5c-expires-soon', 'Key_C'),
  ],
  'shared-issuer': [
    'PublicKeyCertificateSet:Fetched jwtIssuer: Production org prod trusts the same issuer as dev. Production rejects test tokens only because the keys differ.',
    'Use another issuer for production, unless the vendor has one issuer for all customers. To override it, edit config/orgs/prod.json. To accept it there: "accept": [{ "rule": "shared-issuer", "reason": "..." }].',
  ],
  'shared-endpoint': [
    'PublicKeyCertificateSet:Fetched jwksEndPoint: Production org prod trusts the same JWKS endpoint and issuer as dev. A test token gives access as any customer in production.',
    'Use another JWKS endpoint and another issuer for production. To override it, edit config/orgs/prod.json. To accept it there: "accept": [{ "rule": "shared-endpoint", "reason": "..." }].',
  ],
  'shared-endpoint-other-issuer': [
    'PublicKeyCertificateSet:Fetched jwksEndPoint: Production org prod trusts the same JWKS endpoint as dev. Production rejects test tokens only because the issuers differ.',
    'Use another JWKS endpoint for production, unless the provider has one endpoint for all issuers. To override it, edit config/orgs/prod.json. To accept it there: "accept": [{ "rule": "shared-endpoint-other-issuer", "reason": "..." }].',
  ],
  'shared-key': [
    'PublicKeyCertificate:Key_A jsonWebKey: Production org prod trusts the same key as dev. A test token gives access as any customer in production.',
    'Use another key for production. To override it, edit config/orgs/prod.json. To accept it there: "accept": [{ "rule": "shared-key", "reason": "..." }].',
  ],
  'sample-key': [
    'PublicKeyCertificate:Sample jsonWebKey: Production org prod trusts a sample key of this project.',
    `Create your own key (${npmRun('keys', 'new', 'NAME', '--private-key', 'FILE')}), list it instead of the sample, and delete the file of the sample.`,
  ],
  'sample-key-in-use': [
    'PublicKeyCertificate:Sample jsonWebKey: This is a sample key of this project. Nobody has its private key, so if it is the only key, no customer can start a chat.',
    `Create your own key (${npmRun('keys', 'new', 'NAME', '--private-key', 'FILE')}), list it instead of the sample, and delete the file of the sample.`,
  ],
  'issuer-lookalike': [
    'PublicKeyCertificateSet:Uploaded jwtIssuer: Issuer https://id.example.com differs from https://ID.example.com/ only in case or a trailing slash. Salesforce compares issuers byte for byte.',
    'Set jwtIssuer to the exact value of "iss" in the tokens for this org.',
  ],
  'chat-api-host': [
    'scrt2URL: The command verify sends the tokens for this org to my.salesforce-scrt.com.example.com, which is not a Salesforce host.',
    'Remove scrt2URL, so that the URL is derived from the login. Keep it only if the host is your own proxy.',
  ],
};
