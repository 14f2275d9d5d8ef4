import { resultPath } from '../metadata/component';
import type { StoredComponent } from '../metadata/store';
import type { Org } from '../org/org';

/** The properties of a component in the results of retrieve and list. */
export interface FileProperties {
  readonly createdById: string;
  readonly createdByName: string;
  readonly createdDate: string;
  readonly fileName: string;
  readonly fullName: string;
  readonly id: string;
  readonly lastModifiedById: string;
  readonly lastModifiedByName: string;
  readonly lastModifiedDate: string;
  readonly manageableState: string;
  readonly type: string;
}

export const ADMIN_NAME = 'Local Admin';

/** Returns one entry for each file. */
export function fileProperties(org: Org, component: StoredComponent, root: string): FileProperties[] {
  return [...component.files.keys()].map((path) => createProperties(org, component, root + path));
}

/** Returns one entry for the component. */
export function listedProperties(org: Org, component: StoredComponent): FileProperties {
  return createProperties(org, component, resultPath(component));
}

function createProperties(org: Org, { type, name, record }: StoredComponent, fileName: string): FileProperties {
  return {
    createdById: org.userId,
    createdByName: ADMIN_NAME,
    createdDate: record.createdDate,
    fileName,
    fullName: name,
    id: record.id,
    lastModifiedById: org.userId,
    lastModifiedByName: ADMIN_NAME,
    lastModifiedDate: record.lastModifiedDate,
    manageableState: 'unmanaged',
    type: type.name,
  };
}
