import { complexType, type ComplexTypes, type Enums } from './field';

const named = (name: string) => complexType({ [name]: 'string', enabled: 'boolean' });

/** PermissionSet. */
export const permissionSetTypes: ComplexTypes = {
  PermissionSet: complexType({
    agentAccesses: 'PermissionSetAgentAccess[]',
    applicationVisibilities: 'PermissionSetApplicationVisibility[]',
    classAccesses: 'PermissionSetApexClassAccess[]',
    customMetadataTypeAccesses: 'PermissionSetCustomMetadataTypeAccess[]',
    customPermissions: 'PermissionSetCustomPermissions[]',
    customSettingAccesses: 'PermissionSetCustomSettingAccess[]',
    description: 'string?',
    emailRoutingAddressAccesses: 'PermissionSetEmailRoutingAddressAccess[]',
    enrichments: 'MetadataEnrichments?',
    externalCredentialPrincipalAccesses: 'PermissionSetExternalCredentialPrincipalAccess[]',
    externalDataSourceAccesses: 'PermissionSetExternalDataSourceAccess[]',
    fieldPermissions: 'PermissionSetFieldPermissions[]',
    flowAccesses: 'PermissionSetFlowAccess[]',
    genComputingSummaryDefAccesses: 'PermissionSetGenComputingSummaryDefAccess[]',
    hasActivationRequired: 'boolean?',
    label: 'string',
    license: 'string?',
    objectPermissions: 'PermissionSetObjectPermissions[]',
    pageAccesses: 'PermissionSetApexPageAccess[]',
    recordTypeVisibilities: 'PermissionSetRecordTypeVisibility[]',
    servicePresenceStatusAccesses: 'PermissionSetServicePresenceStatusAccess[]',
    tabSettings: 'PermissionSetTabSetting[]',
    userPermissions: 'PermissionSetUserPermission[]',
  }),
  PermissionSetAgentAccess: named('agentName'),
  PermissionSetApexClassAccess: named('apexClass'),
  PermissionSetApexPageAccess: named('apexPage'),
  PermissionSetApplicationVisibility: complexType({ application: 'string', visible: 'boolean' }),
  PermissionSetCustomMetadataTypeAccess: named('name'),
  PermissionSetCustomPermissions: named('name'),
  PermissionSetCustomSettingAccess: named('name'),
  PermissionSetEmailRoutingAddressAccess: named('name'),
  PermissionSetExternalCredentialPrincipalAccess: named('externalCredentialPrincipal'),
  PermissionSetExternalDataSourceAccess: named('externalDataSource'),
  PermissionSetFieldPermissions: complexType({ editable: 'boolean', field: 'string', readable: 'boolean?' }),
  PermissionSetFlowAccess: named('flow'),
  PermissionSetGenComputingSummaryDefAccess: named('configName'),
  PermissionSetObjectPermissions: complexType({
    allowCreate: 'boolean',
    allowDelete: 'boolean',
    allowEdit: 'boolean',
    allowRead: 'boolean',
    modifyAllRecords: 'boolean',
    object: 'string',
    viewAllFields: 'boolean?',
    viewAllRecords: 'boolean',
  }),
  PermissionSetRecordTypeVisibility: complexType({ recordType: 'string', visible: 'boolean' }),
  PermissionSetServicePresenceStatusAccess: named('servicePresenceStatus'),
  PermissionSetTabSetting: complexType({ tab: 'string', visibility: 'PermissionSetTabVisibility' }),
  PermissionSetUserPermission: named('name'),
};

export const permissionSetEnums: Enums = {
  PermissionSetTabVisibility: ['None', 'Available', 'Visible'],
};
