import { PREFIX, recordId } from '../identifiers';
import { parseComponentPath, groupComponents, componentKey, mainPath, type Component } from './component';
import type { MetadataType } from './types';
import { parseXml, type XmlElement } from './xml';

/** The data of a component that isn't in its files. */
export interface ComponentRecord {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly createdDate: string;
  lastModifiedDate: string;
  /** MessagingChannel.IsActive; not part of the metadata */
  active?: boolean;
  /** MessagingChannel.FallbackQueueId of a channel whose agent a deploy dropped; null until it is set with the data API */
  fallbackQueueId?: string | null;
  /** when an EmbeddedServiceConfig was last published; Salesforce has no field for it */
  publishedDate?: string;
  /** the published settings */
  published?: object;
}

export interface StoredComponent extends Component {
  readonly record: ComponentRecord;
}

const ID_PREFIX: Readonly<Record<string, string>> = {
  MessagingChannel: PREFIX.messagingChannel,
  EmbeddedServiceConfig: PREFIX.embeddedServiceConfig,
  ServiceChannel: PREFIX.serviceChannel,
  Queue: PREFIX.group,
  Bot: PREFIX.bot,
  ApexClass: PREFIX.apexClass,
  ApexTrigger: PREFIX.apexTrigger,
  PermissionSet: PREFIX.permissionSet,
  StaticResource: PREFIX.staticResource,
};

/** The metadata of one org: the files, and a record for each component. */
export class MetadataStore {
  readonly #orgId: string;
  readonly #files = new Map<string, Buffer>();
  readonly #records = new Map<string, ComponentRecord>();
  #components = new Map<string, StoredComponent>();

  constructor(orgId: string) {
    this.#orgId = orgId;
  }

  get files(): ReadonlyMap<string, Buffer> {
    return this.#files;
  }

  get records(): readonly ComponentRecord[] {
    return [...this.#records.values()];
  }

  get components(): readonly StoredComponent[] {
    return [...this.#components.values()];
  }

  find(type: string, name: string): StoredComponent | undefined {
    return this.#components.get(componentKey(type, name));
  }

  ofType(type: string): StoredComponent[] {
    return this.components.filter((component) => component.type.name === type);
  }

  /** Removes components, then writes files. */
  apply(put: ReadonlyMap<string, Buffer>, removed: readonly Component[], at: Date): void {
    for (const component of removed) this.#remove(component);
    for (const bundle of groupComponents(put)) this.#dropOldFiles(bundle);
    const isRemoved = new Set(removed.map(({ type, name }) => componentKey(type.name, name)));
    for (const [path, content] of put) this.#write(this.#storedPath(path, isRemoved), content, at);
    this.#index(at);
  }

  /** Renames a component with one file. It keeps its record and its ID. */
  rename(component: StoredComponent, name: string, at: Date): void {
    const [[path, content] = ['', Buffer.alloc(0)]] = component.files;
    const record = { ...component.record, name, lastModifiedDate: at.toISOString() };
    this.#remove(component);
    this.#files.set(`${component.type.directory}/${name}.${component.type.suffix}`, content);
    this.#files.delete(path);
    this.#records.set(componentKey(component.type.name, name), record);
    this.#index(at);
  }

  /** Restores saved files and records. */
  restore(files: ReadonlyMap<string, Buffer>, records: readonly ComponentRecord[], at: Date): void {
    for (const [path, content] of files) this.#files.set(path, content);
    for (const record of records) this.#records.set(componentKey(record.type, record.name), record);
    this.#index(at);
  }

  #remove({ type, name, files }: Component): void {
    for (const path of files.keys()) this.#files.delete(path);
    this.#records.delete(componentKey(type.name, name));
  }

  // A deploy replaces a bundle as a whole: files that aren't in the new bundle are deleted.
  #dropOldFiles({ type, name }: Component): void {
    if (type.layout !== 'bundle') return;
    for (const path of this.find(type.name, name)?.files.keys() ?? []) this.#files.delete(path);
  }

  // A component that exists keeps the spelling of its name.
  #storedPath(path: string, removed: ReadonlySet<string>): string {
    const { type, name = '' } = parseComponentPath(path) ?? {};
    const stored = type && !removed.has(componentKey(type.name, name)) ? this.find(type.name, name) : undefined;
    if (!stored || stored.name === name) return path;
    const start = stored.type.directory.length;
    return path.slice(0, start) + path.slice(start).replaceAll(name, stored.name);
  }

  #write(path: string, content: Buffer, at: Date): void {
    const unchanged = this.#files.get(path)?.equals(content) ?? false;
    this.#files.set(path, content);
    const owner = parseComponentPath(path);
    const record = owner && this.#records.get(componentKey(owner.type.name, owner.name));
    if (record && !unchanged) record.lastModifiedDate = at.toISOString();
  }

  #index(at: Date): void {
    const components = groupComponents(this.#files).map((component) => this.#stored(component, at));
    this.#components = new Map(
      components.map((component) => [componentKey(component.type.name, component.name), component]),
    );
    for (const key of this.#records.keys()) if (!this.#components.has(key)) this.#records.delete(key);
  }

  #stored(component: Component, at: Date): StoredComponent {
    const key = componentKey(component.type.name, component.name);
    const record = this.#records.get(key) ?? this.#newRecord(component.type, component.name, at);
    this.#records.set(key, record);
    return { ...component, record };
  }

  // The creation time is a part of the ID, so a component that is deleted and created again has a new ID.
  #newRecord(type: MetadataType, name: string, at: Date): ComponentRecord {
    const createdDate = at.toISOString();
    const prefix = ID_PREFIX[type.name] ?? PREFIX.metadata;
    const id = recordId(prefix, this.#orgId, type.name, name, createdDate);
    return { type: type.name, name, id, createdDate, lastModifiedDate: createdDate };
  }
}

const documentCache = new WeakMap<Buffer, XmlElement>();

/** Parses the XML of a component, once for each content. Throws MalformedXml. */
export function parseDocument(component: Component): XmlElement {
  const content = component.files.get(mainPath(component)) ?? Buffer.alloc(0);
  const cached = documentCache.get(content);
  if (cached) return cached;
  const root = parseXml(content.toString('utf8'));
  documentCache.set(content, root);
  return root;
}

/** Parses the XML of a component. Returns undefined for malformed XML, which a seed or an edit can contain. */
export function tryParseDocument(component: Component | undefined): XmlElement | undefined {
  try {
    return component && parseDocument(component);
  } catch {
    return undefined;
  }
}
