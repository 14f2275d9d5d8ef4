import {
  AUTHORIZATIONS,
  KEYSET_ITEM,
  PRIVATE_MEMBERS,
  accept,
  addExisting,
  createKey,
  declareVersion,
  edit,
  exchangeKey,
  importCertificate,
  importOther,
  listExisting,
  overrideEndpoint,
  remove,
  removeMembers,
  replaceSample,
  replaceTenant,
  setEndpoint,
  setHandler,
  setMembers,
  setMinutes,
  setVersion,
  uploadKeys,
  verifyGuests,
  writeThirdKey,
  type Instruction,
} from './fix-steps';
import { applyEdits, FILE } from './valid-project';

const SWITCHES = ['AgentforceTagline', 'DeliveryReceipts', 'EmojiSelection', 'ReadReceipts', 'TypingIndicators'];
const SERVED_CHANNEL = `<embeddedServiceMessagingChannel>
<isEnabled>true</isEnabled>
<messagingChannel>Mobile</messagingChannel>
${SWITCHES.map((name) => `<shouldShow${name}>false</shouldShow${name}>`).join('\n')}
<shouldStartNewLineOnEnter>false</shouldStartNewLineOnEnter>
</embeddedServiceMessagingChannel>`;

export const INSTRUCTIONS: readonly Instruction[] = [
  { rule: 'missing-element', says: 'Set sessionHandlerType to one of', when: 'element is missing', step: setHandler },
  {
    rule: 'missing-element',
    says: 'Set sessionHandlerType to one of',
    when: 'element is empty',
    step: edit({ [FILE.web]: [['<sessionHandlerType/>', '<sessionHandlerType>Queue</sessionHandlerType>']] }),
  },
  {
    rule: 'missing-element',
    says: 'Set isEnabled',
    when: 'inside another',
    step: edit({ [FILE.app]: [['<isEnabled/>', '<isEnabled>true</isEnabled>']] }),
  },
  {
    rule: 'missing-element',
    says: 'Set shouldShowAgentforceTagline',
    when: 'API 66.0',
    step: edit({
      [FILE.app]: [
        ['</messagingChannel>', '</messagingChannel><shouldShowAgentforceTagline>false</shouldShowAgentforceTagline>'],
      ],
    }),
  },
  {
    rule: 'bad-value',
    says: 'Did you mean "JWKS"',
    when: 'enumeration',
    step: edit({ [FILE.spare]: [['>Jwks<', '>JWKS<']] }),
  },
  {
    rule: 'bad-value',
    says: 'Write true or false',
    when: 'boolean',
    step: edit({ [FILE.app]: [['>yes<', '>true<']] }),
  },
  {
    rule: 'bad-value',
    says: 'Write digits without a unit',
    when: 'unit',
    step: edit({ [FILE.web]: [['>1h<', '>60<']] }),
  },
  {
    rule: 'bad-value',
    says: 'Replace the text with the elements of QueueMembers',
    when: 'contains text',
    step: edit({ [FILE.queue]: [['>Ann<', '><users><user>Ann</user></users><']] }),
  },
  {
    rule: 'bad-value',
    says: 'Replace the elements with a value',
    when: 'simple element',
    step: edit({ [FILE.queue]: [['<at>x</at>', 'chat@example.com']] }),
  },
  { rule: 'unresolved-reference', says: 'under "existing" in the file of each org', step: listExisting },
  {
    rule: 'unresolved-reference',
    says: 'Add it to the source',
    when: 'a queue that no org has',
    step: (files) => ({
      ...files,
      [FILE.queue.replace('Chat', 'Chats')]: (files[FILE.queue] ?? '').replace('<name>Chat<', '<name>Chats<'),
    }),
  },
  { rule: 'api-version', says: 'another version from 62.0', when: '61.0', step: setVersion('62.0') },
  { rule: 'api-version', says: 'Set "sourceApiVersion": "67.0"', when: 'a number', step: declareVersion },
  { rule: 'api-version', says: 'Set "sourceApiVersion": "67.0"', when: 'not a version', step: declareVersion },
  { rule: 'api-version-not-set', says: 'Set "sourceApiVersion": "67.0"', step: declareVersion },
  {
    rule: 'auth-mode',
    says: 'Set authMode to Auth or UnAuth',
    step: edit({ [FILE.guest]: [['>Unauth<', '>UnAuth<']] }),
  },
  {
    rule: 'auth-mode-not-set',
    says: 'or UnAuth for a channel without user verification',
    step: edit({
      [FILE.guest]: [['<masterLabel>', '<embeddedConfig><authMode>UnAuth</authMode></embeddedConfig>\n<masterLabel>']],
    }),
  },
  {
    rule: 'chat-deployment-channel',
    says: 'Set messagingChannel in embeddedServiceMessagingChannel',
    step: edit({ [FILE.app]: [['<masterLabel>', `${SERVED_CHANNEL}\n<masterLabel>`]] }),
  },
  {
    rule: 'not-enhanced-chat',
    says: 'Set messagingChannelType to EmbeddedMessaging',
    step: edit({ [FILE.web]: [['>WhatsApp<', '>EmbeddedMessaging<']] }),
  },
  {
    rule: 'session-based-chat',
    says: 'Set isSynchronousChatEnabled to false',
    step: edit({ [FILE.web]: [['ChatEnabled>true<', 'ChatEnabled>false<']] }),
  },
  {
    rule: 'channel-without-queue',
    says: 'Set sessionHandlerQueue',
    step: edit({
      [FILE.guest]: [['<sessionHandlerType>', '<sessionHandlerQueue>Chat</sessionHandlerQueue><sessionHandlerType>']],
    }),
  },
  {
    rule: 'queue-without-sessions',
    says: 'Add a queueSobject with sobjectType MessagingSession',
    step: edit({
      [FILE.queue]: [
        ['<queueSobject>', '<queueSobject><sobjectType>MessagingSession</sobjectType></queueSobject><queueSobject>'],
      ],
    }),
  },
  {
    rule: 'queue-without-routing',
    says: 'Set queueRoutingConfig',
    step: edit({ [FILE.queue]: [['<queueSobject>', '<queueRoutingConfig>Chat</queueRoutingConfig><queueSobject>']] }),
  },
  {
    rule: 'unverified-expiration',
    says: 'Set 60 to 4320 minutes',
    step: setMinutes(FILE.guest, 'anonymousUser', '4320'),
  },
  { rule: 'verified-expiration', says: 'Set 60 to 240 minutes', step: setMinutes(FILE.web, 'verifiedUser', '240') },
  {
    rule: 'verified-expiration-disputed',
    says: 'Set 240 minutes or less',
    step: setMinutes(FILE.web, 'verifiedUser', '240'),
  },
  { rule: 'app-mixed-verification', says: 'Set the same authMode in both channels (Auth with', step: verifyGuests },
  {
    rule: 'auth-without-authorization',
    says: 'Set enabled to true',
    when: 'disabled',
    step: edit({ [FILE.spareChannel]: [['<enabled>false<', '<enabled>true<']] }),
  },
  {
    rule: 'auth-without-authorization',
    says: 'add one with a keyset',
    when: 'no configuration',
    step: verifyGuests,
  },
  {
    rule: 'authorization-without-auth',
    says: 'Set authMode to Auth',
    step: edit({ [FILE.spareChannel]: [['>UnAuth<', '>Auth<']] }),
  },
  {
    rule: 'authorization-type',
    says: 'Set authorizationType to PublicKeyCertificateSet',
    step: edit({ [FILE.web]: [['>AuthProvider<', '>PublicKeyCertificateSet<']] }),
  },
  {
    rule: 'authorization-keyset',
    says: 'Set publicKeyCertificateSetName to a keyset',
    step: edit({
      [FILE.web]: [['</enabled>', '</enabled><publicKeyCertificateSetName>Uploaded</publicKeyCertificateSetName>']],
    }),
  },
  {
    rule: 'authorization-enabled-not-set',
    says: 'Set enabled to true or false',
    step: edit({
      [FILE.spareChannel]: [
        ['<authIdentifier>Other</authIdentifier>', '<authIdentifier>Other</authIdentifier><enabled>false</enabled>'],
      ],
    }),
  },
  {
    rule: 'auth-identifier',
    says: 'Use only letters, digits, and underscores',
    when: 'digit',
    step: edit({ [FILE.spareChannel]: [['>1Other<', '>Other_1<']] }),
  },
  {
    rule: 'auth-identifier',
    says: 'Use only letters, digits, and underscores',
    when: 'space',
    step: edit({ [FILE.spareChannel]: [['>Other <', '>Other<']] }),
  },
  {
    rule: 'identifier-two-keysets',
    says: 'Use one keyset in both',
    step: edit({ [FILE.web]: [['Name>Spare<', 'Name>Uploaded<']] }),
  },
  {
    rule: 'identifier-two-keysets',
    says: 'give each keyset its own Configuration Name',
    step: edit({ [FILE.web]: [['>Customer<', '>Other<']] }),
  },
  {
    rule: 'keyset-two-identifiers',
    says: 'Use the same authIdentifier in both',
    step: edit({ [FILE.web]: [['>Customer_Web<', '>Customer<']] }),
  },
  {
    rule: 'keyset-without-endpoint',
    says: 'Set jwksEndPoint to the https URL',
    step: edit({
      [FILE.spareFetched]: [
        ['<jwtIssuer>', '<jwksEndPoint>https://spare-login.example.com/jwks.json</jwksEndPoint><jwtIssuer>'],
      ],
    }),
  },
  {
    rule: 'keyset-without-keys',
    says: 'Add publicKeyCertificateSetKeys with the name of a key',
    step: edit({
      [FILE.spare]: [
        [
          '<type>',
          '<publicKeyCertificateSetKeys><publicKeyCertificate>Key_C</publicKeyCertificate></publicKeyCertificateSetKeys><type>',
        ],
      ],
    }),
  },
  {
    rule: 'issuer-missing',
    says: 'Set jwtIssuer',
    step: edit({ [FILE.spare]: [['> </jwtIssuer>', '>https://spare.example.com</jwtIssuer>']] }),
  },
  {
    rule: 'issuer-whitespace',
    says: 'Write jwtIssuer on one line',
    step: edit({ [FILE.spare]: [['\n</jwtIssuer>', '</jwtIssuer>']] }),
  },
  { rule: 'duplicate-kid', says: 'Give each key of the keyset its own kid', step: setMembers({ kid: 'third' }) },
  {
    rule: 'keyset-without-active-key',
    says: 'Set isActive to true in at least one',
    step: edit({ [FILE.keyC]: [['<isActive>false<', '<isActive>true<']] }),
  },
  {
    rule: 'endpoint-not-url',
    says: 'Set jwksEndPoint to a URL such as',
    step: setEndpoint('https://id.example.org/jwks'),
  },
  {
    rule: 'endpoint-not-clean',
    says: 'Set jwksEndPoint to the exact URL',
    step: setEndpoint('https://id.example.org/jwks'),
  },
  {
    rule: 'endpoint-discovery',
    says: 'set jwksEndPoint to the value of "jwks_uri"',
    step: setEndpoint('https://id.example.org/t/v1/keys'),
  },
  { rule: 'endpoint-not-https', says: 'set its https URL', step: setEndpoint('https://id.example.org/jwks') },
  { rule: 'endpoint-private', says: 'from a public host', step: setEndpoint('https://id.example.org/jwks') },
  {
    rule: 'endpoint-salesforce',
    says: 'from your identity provider',
    step: setEndpoint('https://id.example.org/jwks'),
  },
  { rule: 'endpoint-salesforce', says: 'upload the keys (type JWKS)', step: uploadKeys },
  { rule: 'placeholder', says: 'Set the real value', step: setEndpoint('https://id.example.org/t1/keys') },
  { rule: 'placeholder', says: 'under "replacements" in sfdx-project.json', step: replaceTenant },
  {
    rule: 'key-active-not-set',
    says: 'Set isActive to true or false',
    step: edit({ [FILE.keyC]: [['<jsonWebKey>', '<isActive>true</isActive>\n<jsonWebKey>']] }),
  },
  { rule: 'duplicate-key', says: 'create a key pair (npm run', step: exchangeKey },
  { rule: 'jwk-key-ops', says: 'set it to ["verify"]', step: setMembers({ key_ops: ['verify'] }) },
  { rule: 'jwk-not-json', says: 'Specify the public key as one JSON object', step: writeThirdKey },
  { rule: 'jwk-not-one-key', says: 'Specify one key without an array or "keys"', step: writeThirdKey },
  { rule: 'jwk-not-rsa', says: 'list it in the keyset instead of Key_C, delete the file of Key_C', step: exchangeKey },
  { rule: 'jwk-numbers', says: 'Encode n and e with a JWK library', step: writeThirdKey },
  {
    rule: 'jwk-too-short',
    says: 'list it in the keyset instead of Key_C, delete the file of Key_C',
    step: exchangeKey,
  },
  { rule: 'jwk-alg', says: 'Set "alg" to "RS256" or "RS512"', step: setMembers({ alg: 'RS512' }) },
  { rule: 'jwk-use', says: 'Set "use" to "sig"', step: setMembers({ use: 'sig' }) },
  { rule: 'jwk-kid', says: 'Add a "kid" that is unique in the keyset', step: setMembers({ kid: 'third' }) },
  { rule: 'jwk-x5c-missing', says: 'Import the certificate of this key pair', step: importCertificate },
  { rule: 'jwk-x5c-encoding', says: 'Import the certificate of this key pair', step: importCertificate },
  { rule: 'jwk-x5c-other-key', says: 'Import the certificate of this key pair', step: importCertificate },
  { rule: 'jwk-x5c-other-key', says: 'list that key in the keyset instead of Key_C', step: importOther },
  { rule: 'jwk-x5c-not-yet-valid', says: 'import a certificate of the same key pair', step: importCertificate },
  {
    rule: 'shared-issuer',
    says: 'To override it, edit config/orgs/prod.json',
    step: edit({ [FILE.prod]: [['"https://id.dev.example.com"', '"https://id.prod.example.com"']] }),
  },
  { rule: 'shared-endpoint', says: 'To override it, edit config/orgs/prod.json', step: overrideEndpoint },
  { rule: 'shared-endpoint-other-issuer', says: 'To override it, edit config/orgs/prod.json', step: overrideEndpoint },
  {
    rule: 'shared-key',
    says: 'Use another key for production',
    step: edit({ [FILE.prod]: [['Certificate:Key_A', 'Certificate:Key_C']] }),
  },
  {
    rule: 'issuer-lookalike',
    says: 'Set jwtIssuer to the exact value',
    step: edit({ [FILE.spare]: [['https://ID.example.com/', 'https://id.example.com']] }),
  },
  {
    rule: 'unknown-element',
    says: 'Did you mean "description"',
    when: 'the file lacks',
    step: edit({ [FILE.web]: [['<descripton>Web channel</descripton>', '<description>Web channel</description>']] }),
  },
  {
    rule: 'unknown-element',
    says: 'Remove it, because',
    when: 'misspelled',
    step: remove(/<masterLable>.*<\/masterLable>/, FILE.web),
  },
  { rule: 'newer-element', says: '"sourceApiVersion" to "66.0"', when: 'an element', step: setVersion('66.0') },
  {
    rule: 'newer-element',
    says: 'remove the element',
    when: 'an element',
    step: remove(/<shouldShowAgentforceTagline>.*\n/, FILE.app),
  },
  { rule: 'newer-element', says: '"sourceApiVersion" to "64.0"', when: 'a value', step: setVersion('64.0') },
  {
    rule: 'newer-element',
    says: 'use another value',
    when: 'a value',
    step: edit({ [FILE.web]: [['>AgentforceServiceAgent<', '>Queue<']] }),
  },
  { rule: 'repeated-element', says: 'Keep one of them', step: remove(/<masterLabel >.*\n/, FILE.web) },
  {
    rule: 'duplicate-list-item',
    says: 'Keep one of them',
    step: remove(/<publicKeyCertificateSetKeys>[^\n]*again[^\n]*\n/, FILE.spare),
  },
  { rule: 'undeployed-reference', says: 'add this line', step: addExisting },
  { rule: 'ignored-reference', says: 'Remove the pattern', step: (files) => ({ ...files, '.forceignore': '' }) },
  { rule: 'ignored-reference', says: 'add this line', step: addExisting },
  { rule: 'org-value', says: 'Remove the element', step: remove(/<site>.*<\/site>\n/, FILE.app) },
  {
    // The override of production has configurations too.
    rule: 'not-enhanced-chat',
    says: 'set authMode to UnAuth and remove messagingAuthorizations',
    step: async (files, finding) => {
      const after = await remove(AUTHORIZATIONS, FILE.web)(files, finding);
      const prod = JSON.parse(files[FILE.prod] ?? '') as { overrides: { MessagingChannel: { Web?: object } } };
      delete prod.overrides.MessagingChannel.Web;
      return { ...applyEdits(after, { [FILE.web]: [['>Auth<', '>UnAuth<']] }), [FILE.prod]: JSON.stringify(prod) };
    },
  },
  {
    rule: 'app-mixed-verification',
    says: 'remove the app from one of them',
    step: remove(/\n?App: \S+(?=<)/, FILE.guest),
  },
  {
    rule: 'authorization-without-auth',
    says: 'remove messagingAuthorizations',
    step: remove(AUTHORIZATIONS, FILE.spareChannel),
  },
  {
    rule: 'authorization-provider',
    says: 'Remove authProviderName',
    step: remove(/<authProviderName>.*\n/, FILE.web),
  },
  {
    rule: 'keyset-endpoint-unused',
    says: 'Remove jwksEndPoint',
    step: remove(/<jwksEndPoint>.*\n/, FILE.spare),
  },
  {
    rule: 'keyset-endpoint-unused',
    says: 'set type to JWKS_URL and remove the keys',
    step: async (files, finding) =>
      applyEdits(await remove(KEYSET_ITEM, FILE.spare)(files, finding), {
        [FILE.spare]: [['>JWKS<', '>JWKS_URL<']],
      }),
  },
  {
    rule: 'keyset-keys-unused',
    says: 'Remove publicKeyCertificateSetKeys',
    step: remove(KEYSET_ITEM, FILE.spareFetched),
  },
  {
    rule: 'keyset-keys-unused',
    says: 'set type to JWKS and remove jwksEndPoint',
    step: async (files, finding) =>
      applyEdits(await remove(/<jwksEndPoint>.*\n/, FILE.spareFetched)(files, finding), {
        [FILE.spareFetched]: [['>JWKS_URL<', '>JWKS<']],
      }),
  },
  { rule: 'endpoint-credentials', says: 'remove the credentials', step: remove(/u:p@/, FILE.spareFetched) },
  {
    rule: 'endpoint-fragment',
    says: 'Remove the "#" and everything after it',
    step: remove(/#[^<]*/, FILE.spareFetched),
  },
  {
    rule: 'compromised-key',
    says: 'Set isActive to false',
    when: 'gets an active key',
    step: edit({ [FILE.keyA]: [['<isActive>true<', '<isActive>false<']] }),
  },
  {
    rule: 'compromised-key',
    says: 'Set isActive to false',
    when: 'an override',
    step: edit({ [FILE.dev]: [['"isActive": true', '"isActive": false']] }),
  },
  {
    rule: 'compromised-key',
    says: 'To replace the key, create a key pair',
    when: 'gets an active key',
    step: async (files, finding) =>
      applyEdits(await createKey(files, finding), {
        [FILE.uploaded]: [['Key_A', 'Own']],
        [FILE.keyA]: [['<isActive>true<', '<isActive>false<']],
      }),
  },
  { rule: 'duplicate-key', says: 'Remove one of them', step: remove(/<public\w+><public\w+>Key_C<.*\n/, FILE.spare) },
  { rule: 'jwk-duplicate-member', says: 'Remove the duplicate', step: remove(/"kid":"other",/, FILE.keyC) },
  { rule: 'jwk-private-key', says: 'Remove it from all files', step: removeMembers(...PRIVATE_MEMBERS) },
  { rule: 'jwk-placeholder-members', says: 'You can remove them', step: removeMembers('y', 'crv', 'd', 'k') },
  { rule: 'jwk-key-ops', says: 'Remove key_ops', step: removeMembers('key_ops') },
  { rule: 'jwk-x5c-ca', says: 'import it: npm run', step: importCertificate },
  { rule: 'jwk-x5c-ca', says: 'list that key instead of Key_C', step: importOther },
  { rule: 'jwk-x5c-expired', says: 'import it: npm run', step: importCertificate },
  { rule: 'jwk-x5c-expires-soon', says: 'import it: npm run', step: importCertificate },
  accept('shared-issuer'),
  accept('shared-endpoint'),
  accept('shared-endpoint-other-issuer'),
  accept('shared-key'),
  { rule: 'sample-key', says: 'Create your own key (npm run', step: replaceSample(FILE.prod) },
  { rule: 'sample-key-in-use', says: 'Create your own key (npm run', step: replaceSample(FILE.dev) },
  { rule: 'chat-api-host', says: 'Remove scrt2URL', step: remove(/"scrt2URL": "[^"]*", /, FILE.dev) },
];
