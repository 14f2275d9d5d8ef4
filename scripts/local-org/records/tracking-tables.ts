import { PREFIX, recordId } from '../identifiers';
import type { Table } from './table';

/**
 * The changes that source tracking reads, only in an org with source tracking. (Tooling API guide, SourceMember;
 * @salesforce/source-tracking)
 */
export const TRACKING_TABLES: readonly Table[] = [
  {
    name: 'SourceMember',
    apis: ['tooling'],
    fields: {
      Id: 'id',
      MemberIdOrName: 'string',
      MemberType: 'string',
      MemberName: 'string',
      IsNameObsolete: 'boolean',
      RevisionCounter: 'int',
      RevisionNum: 'int',
      IsNewMember: 'boolean',
      ChangedBy: 'string',
      LastModifiedDate: 'datetime',
    },
    parents: {},
    rows: (org) =>
      (org.tracking?.members(org.metadata.components, org.now()) ?? []).map((member) => ({
        Id: recordId(PREFIX.sourceMember, org.orgId, member.type, member.name),
        MemberIdOrName: member.name,
        MemberType: member.type,
        MemberName: member.name,
        IsNameObsolete: member.obsolete,
        RevisionCounter: member.revision,
        RevisionNum: member.revision,
        IsNewMember: member.isNew,
        ChangedBy: org.userId,
        LastModifiedDate: member.changedAt,
      })),
  },
];
