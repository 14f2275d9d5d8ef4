import { CHAT_TABLES } from './chat-tables';
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
];

/** Returns an sObject of an API by its name, case-insensitively. */
export function findTable(name: string, api: Api): Table | undefined {
  return TABLES.find((table) => table.apis.includes(api) && table.name.toLowerCase() === name.toLowerCase());
}
