import * as sample from './samples';

/** Files with one violation each, for one deploy. */
export const BROKEN: Readonly<Record<string, readonly [path: string, content: string, problem: RegExp]>> = {
  'an unresolved keyset': [
    'messagingChannels/No_Keyset.messagingChannel',
    sample.channelXml(sample.embeddedConfig.replace('>Keys<', '>Nowhere<')),
    /Required fields are missing: \[AuthorizationConfigId\]/,
  ],
  'a wrong enum value': [
    'PublicKeyCertificateSet/Bad_Type.PublicKeyCertificateSet',
    sample.keysetXml('', 'Jwks'),
    /'Jwks' is not a valid value for the enum 'PublicKeyCertificateSetType'/,
  ],
  'an endpoint on a keyset of keys': [
    'PublicKeyCertificateSet/Both.PublicKeyCertificateSet',
    sample.keysetXml('<jwksEndPoint>https://id.example.com/jwks</jwksEndPoint>', 'JWKS'),
    /You can't configure JWKS_URL when the key type selected is JWKS_KEY\./,
  ],
  'Session-Based Chat with verification': [
    'messagingChannels/Session_Based.messagingChannel',
    sample.channelXml(undefined, '<isSynchronousChatEnabled>true</isSynchronousChatEnabled>'),
    /You can't enable Session-Based Chat for verified users/,
  ],
  'an unknown element': [
    'messagingChannels/Odd_Element.messagingChannel',
    sample.channelXml().replace('<masterLabel>', '<verifyUsers>true</verifyUsers><masterLabel>'),
    /Element \{http:\/\/soap\.sforce\.com\/2006\/04\/metadata\}verifyUsers invalid at this location in type MessagingChannel/,
  ],
  'a missing queue': [
    'messagingChannels/No_Queue.messagingChannel',
    sample.channelXml().replace('>Chat<', '>Nobody<'),
    /no Queue named Nobody found/,
  ],
  'a wrong boolean': [
    'messagingChannels/Bad_Boolean.messagingChannel',
    sample.channelXml(`${sample.embeddedConfig}<isSaveTranscriptEnabled>yes</isSaveTranscriptEnabled>`),
    /'yes' is not valid for type xsd:boolean/,
  ],
  'a missing label': [
    'PublicKeyCertificateSet/No_Label.PublicKeyCertificateSet',
    sample.keysetXml().replace(/.*masterLabel.*\n/, ''),
    /Required field is missing: masterLabel/,
  ],
  'a key without x5c': [
    'PublicKeyCertificate/No_Certificate.PublicKeyCertificate',
    sample.keyXml({ kty: 'RSA', kid: '1', alg: 'RS256' }),
    /Invalid JSON Web Key: missing x5c/,
  ],
};
