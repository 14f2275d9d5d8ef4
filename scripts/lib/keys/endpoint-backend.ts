import { download, servedKeys, type ServedKey } from '../endpoint';
import { toErrorDetails, EXIT, ToolError } from '../errors';
import type { ErrorDetails } from '../model';
import {
  writeRotation,
  type TargetState,
  type RotationTarget,
  type Rotation,
  type KeyTrust,
  type RotationBackend,
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

/** The endpoints of a keyset: the document changes, the orgs do not. Publishing it is not ours to do, so all there is to do is to look. */
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

  /** Whether each key is active in the source decides about the document that `keys jwks` writes. */
  editSource(aim: TargetState): void {
    const { folder } = this.options;
    const edited = editProject(readKeyProject(folder), this.rotation, aim, false, (file) => readText(folder, file));
    writeEdits(folder, edited.files);
  }

  async inspect({ name }: RotationTarget): Promise<KeyTrust> {
    const { status, body } = await download(name, this.options);
    const served = status === 200 ? servedKeys(body.toString(), new Date(0)) : undefined;
    if (served) return servedKeyTrust(thumbprintsOf(served), this.rotation);
    throw new ToolError(
      'endpoint-unreachable',
      {
        what: `${name} serves no keys.`,
        why: `It answers ${status}, and no JWKS.`,
        fix: `Run: npm run keys -- check-endpoint ${this.rotation.keyset}.`,
      },
      { exit: EXIT.unreachable },
    );
  }

  apply(place: RotationTarget): Promise<KeyTrust> {
    return this.inspect(place);
  }

  save(rotation: Rotation): void {
    this.rotation = rotation;
    writeRotation(this.options.folder, rotation);
  }

  errorDetails(thrown: unknown): ErrorDetails {
    return toErrorDetails(thrown);
  }
}

/** kid -> thumbprint. */
const thumbprintsOf = (keys: readonly ServedKey[]): ReadonlyMap<string, string> =>
  new Map(
    keys.flatMap(({ facts }): [string, string][] => (facts.kid === undefined ? [] : [[facts.kid, facts.thumbprint]])),
  );
