import assert from 'node:assert/strict';
import { readXml } from '../../../lib/metadata';
import { isComponentType, mapOf, SOURCE_FOLDERS, type Component, type ComponentMap } from '../../../lib/model';

const componentOf = ([path, text]: readonly [string, string]): Component => {
  const [type = ''] = Object.entries(SOURCE_FOLDERS).find(([, { folder }]) => path.startsWith(`${folder}/`)) ?? [];
  const { root } = readXml(text);
  assert.ok(root && isComponentType(type), path);
  return { type, fullName: path.slice(path.indexOf('/') + 1, path.lastIndexOf('.')), root };
};

/** The components in metadata files, by package path. */
export const componentsIn = (files: Iterable<readonly [string, string]>): ComponentMap =>
  mapOf([...files].map(componentOf));
