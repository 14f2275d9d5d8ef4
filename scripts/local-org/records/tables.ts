import type { Org } from '../org/org';
import { CHAT_TABLES } from './chat-tables';
import { CODE_TABLES, customMetadataTables } from './code-tables';
import { EMPTY_TABLES } from './empty-tables';
import { DEPLOY_TABLES } from './deploy-tables';
import { MESSAGING_TABLES } from './messaging-tables';
import { ORG_TABLES } from './org-tables';
import { ROUTING_TABLES } from './routing-tables';
import { SITE_TABLES } from './site-tables';
import { TRACKING_TABLES } from './tracking-tables';
import { USER_TABLES } from './user-tables';
import type { Api, Table } from './table';

/** The sObjects that can be queried. */
const TABLES: readonly Table[] = [
  ...ORG_TABLES,
  ...USER_TABLES,
  ...ROUTING_TABLES,
  ...MESSAGING_TABLES,
  ...SITE_TABLES,
  ...CHAT_TABLES,
  ...DEPLOY_TABLES,
  ...CODE_TABLES,
  ...EMPTY_TABLES,
];

/** The sObjects of an API. With an org, its custom metadata types and its source tracking too. */
export const allTables = (org: Org | undefined, api: Api): readonly Table[] =>
  [...TABLES, ...(org ? tablesOf(org) : [])].filter(({ apis }) => apis.includes(api));

const tablesOf = (org: Org): readonly Table[] => [
  ...customMetadataTables(org),
  ...(org.tracking ? TRACKING_TABLES : []),
];

/** Returns an sObject of an API by its name, case-insensitively. With an org, its custom metadata types too. */
export const findTable = (name: string, api: Api, org?: Org): Table | undefined =>
  allTables(org, api).find((table) => table.name.toLowerCase() === name.toLowerCase());
