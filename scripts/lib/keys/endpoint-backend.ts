import { download } from '../verification/endpoint';
import { EXIT, ToolError } from '../errors';
import { readJwks } from '../jwk';
import { npmRun } from '../model';
import {
  inspectionResult,
  inspectTarget,
  writeRotation,
  type TargetState,
  type RotationTarget,
  type Rotation,
  type KeyTrust,
  type RecordTrust,
  type RotationBackend,
  type TargetInspection,
  type TargetResult,
} from '../rotation';
import { editProject } from './rotation-edits';
import { readKeyProject } from './keyset';
import { keysetEndpoints } from './check-endpoint';
import { servedKeyTrust } from './key-trust';
import { readText, writeEdits } from './source-files';

export interface EndpointBackendOptions {
  readonly folder: string;
  readonly rotation: Rotation;
  readonly allowLoopback: boolean;
}

/** The JWKS endpoints of a keyset. The owner of an endpoint publishes the document, so a step only reads what the endpoint serves. */
export class EndpointBackend implements RotationBackend {
  private readonly options: EndpointBackendOptions;
  private rotation: Rotation;

  constructor(options: EndpointBackendOptions) {
    this.options = options;
    this.rotation = options.rotation;
  }

  now(): Date {
    return new Date();
  }

  targets(): readonly RotationTarget[] {
    const project = readKeyProject(this.options.folder);
    return [...keysetEndpoints(project, { name: this.rotation.keyset, org: [] }).keys()].map((name) => ({
      name,
      wave: 1,
    }));
  }

  /** Edits the source, which determines the document that `keys jwks` writes. */
  editSource(targetState: TargetState): void {
    const { folder } = this.options;
    const edited = editProject(readKeyProject(folder), this.rotation, targetState, false, (file) =>
      readText(folder, file),
    );
    writeEdits(folder, edited.files);
  }

  async inspect({ name }: RotationTarget): Promise<KeyTrust> {
    const { status, body } = await download(name, this.options);
    const { keys, problem } = readJwks(body.toString(), new Date(0));
    if (status === 200 && keys) return servedKeyTrust(keys, this.rotation);
    throw new ToolError(
      'endpoint-unreachable',
      {
        what: `${name} doesn't serve a JWKS document.`,
        why: status === 200 ? (problem ?? '') : `Its response has status ${status}.`,
        fix: `Check the endpoint: ${npmRun('keys', 'check-endpoint', this.rotation.keyset)}`,
      },
      { exit: EXIT.unreachable },
    );
  }

  plan(): Promise<readonly TargetInspection[]> {
    return Promise.all(this.targets().map((target) => inspectTarget(target, this)));
  }

  /** Nothing is changed in an org or an endpoint. */
  async confirm(): Promise<void> {
    // The owner of the endpoint decides when to publish.
  }

  async apply(targetState: TargetState, record: RecordTrust): Promise<readonly TargetResult[]> {
    const inspections = await this.plan();
    for (const { target, keyTrust } of inspections) if (keyTrust) record(target, keyTrust);
    return inspections.map((inspection) => inspectionResult(inspection, targetState));
  }

  save(rotation: Rotation): void {
    this.rotation = rotation;
    writeRotation(this.options.folder, rotation, this.now());
  }
}
