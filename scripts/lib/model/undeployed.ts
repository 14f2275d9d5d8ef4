/** A component that a file of the project defines and that no org receives from it. */
export interface Undeployed {
  readonly file: string;
  /** .forceignore excludes the file, this project doesn't deploy the type, or the file has an error of its own. */
  readonly reason: 'ignored' | 'type' | 'unreadable';
}

/** By key, such as `Flow:Route`. */
export type UndeployedComponents = ReadonlyMap<string, Undeployed>;
