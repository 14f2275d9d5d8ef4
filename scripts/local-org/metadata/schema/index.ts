import { embeddedServiceEnums, embeddedServiceTypes } from './embedded-service';
import type { ComplexTypes, Enums } from './field';
import { messagingChannelEnums, messagingChannelTypes } from './messaging-channel';
import { permissionSetEnums, permissionSetTypes } from './permission-set';
import { publicKeyEnums, publicKeyTypes } from './public-key';
import { routingEnums, routingTypes } from './routing';

/**
 * The element tables of the metadata types this org checks, kept by hand from the Metadata WSDL of API 67.0 (published
 * as the npm package @salesforce/types; a test compares the two). A type that is named but not in the table is
 * accepted unread.
 */
export const COMPLEX_TYPES: ComplexTypes = {
  ...publicKeyTypes,
  ...messagingChannelTypes,
  ...embeddedServiceTypes,
  ...routingTypes,
  ...permissionSetTypes,
};

export const ENUMS: Enums = {
  ...publicKeyEnums,
  ...messagingChannelEnums,
  ...embeddedServiceEnums,
  ...routingEnums,
  ...permissionSetEnums,
};
