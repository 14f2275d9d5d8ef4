import { embeddedServiceEnums, embeddedServiceTypes } from './embedded-service';
import type { ComplexTypes, Enums } from './field';
import { messagingChannelEnums, messagingChannelTypes } from './messaging-channel';
import { permissionSetEnums, permissionSetTypes } from './permission-set';
import { publicKeyEnums, publicKeyTypes } from './public-key';
import { routingEnums, routingTypes } from './routing';

/**
 * The fields of the complex types that this org checks, written by hand from the Metadata WSDL of API 67.0. A test compares them
 * with the npm package @salesforce/types, which is generated from the WSDL. A type without a table isn't checked.
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
