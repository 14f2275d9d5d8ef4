import { deleteMetadata, renameMetadata, saveMetadata, type SaveMode } from '../jobs/metadata-crud';
import { describeValueType } from '../metadata/value-type';
import { children, childText, type XmlElement } from '../metadata/xml';
import { runStep } from '../org/steps';
import { elements, RawXml } from './soap-message';
import type { Operation } from './soap-operation';

/** The calls that write components without a package, and describeValueType(). */
export const CRUD_OPERATIONS: Readonly<Record<string, Operation>> = {
  createMetadata: save('create'),
  updateMetadata: save('update'),
  upsertMetadata: save('upsert'),

  deleteMetadata: (org, parameters, version) =>
    runStep(org, 'update', () => {
      const names = children(parameters, 'fullNames').map(({ text }) => text.trim());
      return list(deleteMetadata(org, childText(parameters, 'type') ?? '', names, version));
    }),

  renameMetadata: (org, parameters, version) =>
    runStep(org, 'update', () => {
      const [type, before, after] = ['type', 'oldFullName', 'newFullName'].map(textOf(parameters));
      return { ...renameMetadata(org, type ?? '', before ?? '', after ?? '', version) };
    }),

  // The name has the namespace in braces: {http://soap.sforce.com/2006/04/metadata}Queue
  describeValueType: (_org, parameters, version) =>
    describeValueType(textOf(parameters)('type').replace(/^\{.*\}/, ''), version),
};

const textOf =
  (parameters: XmlElement) =>
  (name: string): string =>
    childText(parameters, name) ?? '';

function save(mode: SaveMode): Operation {
  return (org, parameters, version) =>
    runStep(org, 'update', () => list(saveMetadata(org, mode, children(parameters, 'metadata'), version)));
}

const list = (results: readonly object[]): RawXml =>
  new RawXml(
    elements(
      'result',
      results.map((result) => ({ ...result })),
    ),
  );
