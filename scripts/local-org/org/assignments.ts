/** The assignment of a permission set to the user of the org. */
export interface PermissionSetAssignment {
  readonly id: string;
  readonly assigneeId: string;
  readonly permissionSetId: string;
}
