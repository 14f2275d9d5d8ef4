import { PREFIX, recordId } from '../identifiers';
import { tryParseDocument, type StoredComponent } from '../metadata/store';
import { children, childText } from '../metadata/xml';
import type { Org } from '../org/org';
import type { Row, Table } from './table';

/** Queues, their objects, routing configurations, and service channels. */
export const ROUTING_TABLES: readonly Table[] = [
  {
    name: 'Group',
    apis: ['data'],
    fields: {
      Id: 'id',
      Name: 'string',
      DeveloperName: 'string',
      Type: 'string',
      QueueRoutingConfigId: 'id',
    },
    parents: {},
    rows: (org) => org.metadata.ofType('Queue').map((queue) => groupRow(org, queue)),
  },
  {
    name: 'QueueSobject',
    apis: ['data'],
    fields: { Id: 'id', QueueId: 'id', SobjectType: 'string' },
    parents: { Queue: 'Group' },
    rows: (org) => org.metadata.ofType('Queue').flatMap((queue) => queueSobjectRows(org, queue)),
  },
  {
    name: 'QueueRoutingConfig',
    apis: ['data'],
    fields: {
      Id: 'id',
      DeveloperName: 'string',
      MasterLabel: 'string',
      RoutingModel: 'string',
      RoutingPriority: 'int',
    },
    parents: {},
    rows: (org) => org.metadata.ofType('QueueRoutingConfig').map(routingRow),
  },
  {
    name: 'ServiceChannel',
    apis: ['data'],
    fields: { Id: 'id', DeveloperName: 'string', MasterLabel: 'string', RelatedEntity: 'string' },
    parents: {},
    rows: (org) => [standardServiceChannel(org), ...org.metadata.ofType('ServiceChannel').map(serviceChannelRow)],
  },
];

function groupRow(org: Org, queue: StoredComponent): Row {
  const root = tryParseDocument(queue);
  const routing = org.metadata.find('QueueRoutingConfig', childText(root, 'queueRoutingConfig') ?? '');
  return {
    Id: queue.record.id,
    Name: childText(root, 'name') ?? queue.name,
    DeveloperName: queue.name,
    Type: 'Queue',
    QueueRoutingConfigId: routing?.record.id ?? null,
  };
}

function queueSobjectRows(org: Org, queue: StoredComponent): Row[] {
  return children(tryParseDocument(queue), 'queueSobject').map((entry) => {
    const sobjectType = childText(entry, 'sobjectType') ?? '';
    return {
      Id: recordId(PREFIX.queueSobject, queue.record.id, sobjectType),
      QueueId: queue.record.id,
      SobjectType: sobjectType,
      Queue: groupRow(org, queue),
    };
  });
}

function routingRow(component: StoredComponent): Row {
  const root = tryParseDocument(component);
  return {
    Id: component.record.id,
    DeveloperName: component.name,
    MasterLabel: childText(root, 'label') ?? null,
    RoutingModel: childText(root, 'routingModel') ?? null,
    RoutingPriority: Number(childText(root, 'routingPriority') ?? 0),
  };
}

// Salesforce creates this service channel when Messaging is enabled. (Playbook service-itsm-teams-employee-agent-configure)
function standardServiceChannel(org: Org): Row {
  return {
    Id: recordId(PREFIX.serviceChannel, org.orgId, 'sfdc_livemessage'),
    DeveloperName: 'sfdc_livemessage',
    MasterLabel: 'Messaging',
    RelatedEntity: 'MessagingSession',
  };
}

function serviceChannelRow(component: StoredComponent): Row {
  const root = tryParseDocument(component);
  return {
    Id: component.record.id,
    DeveloperName: component.name,
    MasterLabel: childText(root, 'label') ?? null,
    RelatedEntity: childText(root, 'relatedEntityType') ?? null,
  };
}
