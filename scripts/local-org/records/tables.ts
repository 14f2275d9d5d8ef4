import type { Org } from '../org/org';
import { CHAT_TABLES } from './chat-tables';
import { CODE_TABLES, customMetadataTables } from './code-tables';
import { DEPLOY_TABLES } from './deploy-tables';
import { MESSAGING_TABLES } from './messaging-tables';
import { ORG_TABLES } from './org-tables';
import { ROUTING_TABLES } from './routing-tables';
import { SITE_TABLES } from './site-tables';
import type { Api, Table } from './table';

/** The sObjects that can be queried. */
export const TABLES: readonly Table[] = [
  ...ORG_TABLES,
  ...ROUTING_TABLES,
  ...MESSAGING_TABLES,
  ...SITE_TABLES,
  ...CHAT_TABLES,
  ...DEPLOY_TABLES,
  ...CODE_TABLES,
];

/** Returns an sObject of an API by its name, case-insensitively. With an org, its custom metadata types too. */
export function findTable(name: string, api: Api, org?: Org): Table | undefined {
  return [...TABLES, ...(org ? customMetadataTables(org) : [])].find(
    (table) => table.apis.includes(api) && table.name.toLowerCase() === name.toLowerCase(),
  );
}
