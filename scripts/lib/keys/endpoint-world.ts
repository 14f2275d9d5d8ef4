import { download, servedKeys, type ServedKey } from '../endpoint';
import { asToolError, EXIT, ToolError } from '../errors';
import type { Fault } from '../model';
import { writeRotation, type Aim, type Place, type Rotation, type Sight, type World } from '../rotation';
import { editedFor } from './edited';
import { readKeyProject } from './keyset';
import { endpointsOf } from './probe';
import { sightOfServed } from './sight';
import { textOf, writeEdits } from './source-files';

export interface EndpointWorldOptions {
  readonly folder: string;
  readonly rotation: Rotation;
  readonly allowLoopback: boolean;
}

/** The endpoints of a keyset: the document changes, the orgs do not. Publishing it is not ours to do, so all there is to do is to look. */
export class EndpointWorld implements World {
  private readonly options: EndpointWorldOptions;
  private rotation: Rotation;

  constructor(options: EndpointWorldOptions) {
    this.options = options;
    this.rotation = options.rotation;
  }

  now(): Date {
    return new Date();
  }

  places(): readonly Place[] {
    const project = readKeyProject(this.options.folder);
    return [...endpointsOf(project, { name: this.rotation.keyset, org: [] }).keys()].map((name) => ({ name, wave: 1 }));
  }

  /** Whether each key is active in the source decides about the document that `keys jwks` writes. */
  edit(aim: Aim): void {
    const { folder } = this.options;
    const edited = editedFor(readKeyProject(folder), this.rotation, aim, false, (file) => textOf(folder, file));
    writeEdits(folder, edited.files);
  }

  async look({ name }: Place): Promise<Sight> {
    const { status, body } = await download(name, this.options);
    const served = status === 200 ? servedKeys(body.toString(), new Date(0)) : undefined;
    if (served) return sightOfServed(thumbprintsOf(served), this.rotation);
    throw new ToolError(
      'endpoint-unreachable',
      {
        what: `${name} serves no keys.`,
        why: `It answers ${status}, and no JWKS.`,
        fix: `Run: npm run keys -- probe ${this.rotation.keyset}.`,
      },
      { exit: EXIT.unreachable },
    );
  }

  bring(place: Place): Promise<Sight> {
    return this.look(place);
  }

  save(rotation: Rotation): void {
    this.rotation = rotation;
    writeRotation(this.options.folder, rotation);
  }

  faultOf(thrown: unknown): Fault {
    const { code, what, why, fix } = asToolError(thrown);
    return { code, what, why, fix };
  }
}

/** kid -> thumbprint. */
const thumbprintsOf = (keys: readonly ServedKey[]): ReadonlyMap<string, string> =>
  new Map(
    keys.flatMap(({ facts }): [string, string][] => (facts.kid === undefined ? [] : [[facts.kid, facts.thumbprint]])),
  );
