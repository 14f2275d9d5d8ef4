import { createHash } from 'node:crypto';
import { childNames, type Component } from '../metadata/component';
import { tryParseDocument, type StoredComponent } from '../metadata/store';
import { children, childText, type XmlElement } from '../metadata/xml';

/** A component, or a part of one, that was changed since tracking began. */
export interface SourceMember {
  readonly type: string;
  readonly name: string;
  /** the number of the change in the org */
  readonly revision: number;
  readonly obsolete: boolean;
  readonly isNew: boolean;
  readonly changedAt: string;
}

/** The values that the state file keeps. */
export interface SavedTracking {
  readonly revision: number;
  readonly members: readonly SourceMember[];
  readonly fingerprints: readonly (readonly [key: string, fingerprint: string])[];
}

/** The part of a component that has a SourceMember of its own, and a hash of its content. */
interface Part {
  readonly type: string;
  readonly name: string;
  readonly fingerprint: string;
}

/**
 * The changes to the metadata of an org. It compares the metadata with what it saw last, so that a deploy, an edit, and a Tooling API
 * request are tracked alike. (Salesforce DX Developer Guide, Track Changes Between Your Project and Org)
 */
export class SourceTracking {
  #revision = 0;
  readonly #members = new Map<string, SourceMember>();
  #fingerprints: ReadonlyMap<string, string>;

  /** Starts with the metadata of the org, which counts as unchanged. */
  constructor(components: readonly StoredComponent[], saved?: SavedTracking) {
    this.#fingerprints = new Map(
      saved?.fingerprints ?? partsOf(components).map(({ fingerprint, ...part }) => [keyOf(part), fingerprint]),
    );
    this.#revision = saved?.revision ?? 0;
    for (const member of saved?.members ?? []) this.#members.set(keyOf(member), member);
  }

  /** The state to save. */
  get saved(): SavedTracking {
    return { revision: this.#revision, members: [...this.#members.values()], fingerprints: [...this.#fingerprints] };
  }

  /** Records the changes up to now and returns all members. */
  members(components: readonly StoredComponent[], at: Date): readonly SourceMember[] {
    const parts = partsOf(components);
    const seen = new Map(parts.map((part) => [keyOf(part), part.fingerprint]));
    for (const part of parts)
      if (this.#fingerprints.get(keyOf(part)) !== part.fingerprint) this.#record(part, false, at);
    for (const key of this.#fingerprints.keys()) if (!seen.has(key)) this.#record(partOfKey(key), true, at);
    this.#fingerprints = seen;
    return [...this.#members.values()];
  }

  #record({ type, name }: Pick<Part, 'type' | 'name'>, obsolete: boolean, at: Date): void {
    const key = keyOf({ type, name });
    const isNew = !this.#fingerprints.has(key);
    this.#members.set(key, { type, name, revision: ++this.#revision, obsolete, isNew, changedAt: at.toISOString() });
  }
}

// A component name contains no line break.
const keyOf = ({ type, name }: Pick<Part, 'type' | 'name'>): string => `${type}\n${name}`;

function partOfKey(key: string): Pick<Part, 'type' | 'name'> {
  const [type = '', name = ''] = key.split('\n');
  return { type, name };
}

const partsOf = (components: readonly StoredComponent[]): Part[] => components.flatMap(partsOfComponent);

/** The types of the files of a bundle. (@salesforce/source-tracking, metadataKeys) */
const RESOURCE_TYPES: Readonly<Record<string, string>> = {
  LightningComponentBundle: 'LightningComponentResource',
  AuraDefinitionBundle: 'AuraDefinition',
};

function partsOfComponent(component: StoredComponent): Part[] {
  const { type, name, files } = component;
  const resourceType = RESOURCE_TYPES[type.name];
  const resources = resourceType
    ? [...files].map(([path, content]) => ({
        type: resourceType,
        name: path.slice(type.directory.length + 1),
        fingerprint: hash(content),
      }))
    : [];
  const own = { type: type.name, name, fingerprint: hash(Buffer.concat([...files.values()])) };
  // Labels are tracked one by one, not as the file that contains them.
  return [...(type.name === 'CustomLabels' ? [] : [own]), ...childParts(component), ...resources];
}

/** Fields, labels, and the like. */
function childParts(component: Component): Part[] {
  const root = Object.keys(component.type.childTypes).length > 0 ? tryParseDocument(component) : undefined;
  if (!root) return [];
  const contents = new Map(
    Object.keys(component.type.childTypes).flatMap((element) =>
      children(root, element).map((child) => [childText(child, 'fullName') ?? '', textOf(child)] as const),
    ),
  );
  return childNames(component, root).map(({ type, name }) => ({
    type,
    name,
    fingerprint: hash(contents.get(name.slice(name.indexOf('.') + 1)) ?? ''),
  }));
}

const textOf = ({ name, text, children: inner }: XmlElement): string => `<${name}>${text}${inner.map(textOf).join('')}`;

const hash = (content: Buffer | string): string => createHash('sha256').update(content).digest('base64').slice(0, 16);
