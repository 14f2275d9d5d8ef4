import { complexType, type ComplexTypes, type Enums } from './field';

/** PublicKeyCertificate and PublicKeyCertificateSet, API 62.0 and later. */
export const publicKeyTypes: ComplexTypes = {
  PublicKeyCertificate: complexType({
    description: 'string?',
    isActive: 'boolean?',
    jsonWebKey: 'string?',
    masterLabel: 'string',
  }),
  PublicKeyCertificateSet: complexType({
    description: 'string?',
    jwksEndPoint: 'string?',
    jwtIssuer: 'string?',
    masterLabel: 'string',
    publicKeyCertificateSetKeys: 'PublicKeyCertificateSetKey[]',
    type: 'PublicKeyCertificateSetType',
  }),
  PublicKeyCertificateSetKey: complexType({ publicKeyCertificate: 'string' }),
};

export const publicKeyEnums: Enums = {
  PublicKeyCertificateSetType: ['JWKS', 'JWKS_URL'],
};
