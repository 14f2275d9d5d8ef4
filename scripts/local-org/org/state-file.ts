import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ComponentRecord } from '../metadata/store';
import type { PermissionSetAssignment } from './assignments';
import { SourceTracking, type SavedTracking } from './source-tracking';
import type { DeployJob } from './deploy-jobs';
import type { SavedChats } from './chat-store';
import type { Org } from './org';

/** The part of an org that is kept across restarts. It doesn't include sessions or access tokens of customers. */
interface SavedOrg {
  readonly version: 1;
  readonly alias: string;
  readonly refreshToken: string;
  readonly files: readonly SavedContent[];
  readonly components: readonly ComponentRecord[];
  readonly deployments: readonly DeployJob[];
  /** absent in files of earlier versions */
  readonly messaging?: SavedChats;
  /** absent in files of earlier versions */
  readonly assignments?: readonly PermissionSetAssignment[];
  /** absent if the org doesn't track source */
  readonly tracking?: SavedTracking;
}

type SavedContent =
  { readonly path: string; readonly text: string } | { readonly path: string; readonly base64: string };

/** Writes the state to a temporary file and renames it, so that a crash never leaves a partial file. */
export function saveOrg(org: Org, file: string): void {
  const saved: SavedOrg = {
    version: 1,
    alias: org.alias,
    refreshToken: org.sessions.refreshToken,
    files: [...org.metadata.files].map(([path, content]) => encodeContent(path, content)),
    components: org.metadata.records,
    deployments: org.deployJobs.all,
    assignments: org.assignments,
    ...(org.tracking && { tracking: org.tracking.saved }),
    messaging: { endUsers: org.chats.endUsers, conversations: org.chats.conversations },
  };
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.new`;
  // The file contains the refresh token.
  writeFileSync(draft, JSON.stringify(saved, null, 1), { mode: 0o600 });
  renameSync(draft, file);
}

/** Restores the org from a state file. Returns false if the file doesn't exist. */
export function loadOrg(org: Org, file: string): boolean {
  const saved = readStateFile(file);
  if (!saved) return false;
  if (saved.version !== 1 || saved.alias !== org.alias) {
    throw new Error(
      `${file} doesn't contain the state of the local org "${org.alias}". Delete it, or specify another file.`,
    );
  }
  org.sessions.refreshToken = saved.refreshToken;
  org.metadata.restore(new Map(saved.files.map(decodeContent)), saved.components, org.now());
  org.deployJobs.restore(saved.deployments);
  org.assignments = saved.assignments ?? [];
  if (saved.tracking) org.tracking = new SourceTracking([], saved.tracking);
  if (saved.messaging) org.chats.restore(saved.messaging);
  return true;
}

function readStateFile(file: string): SavedOrg | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as SavedOrg;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`The state file ${file} can't be read. To start with an empty org, delete it.`, { cause: error });
  }
}

// Text stays readable in the file. Content that isn't UTF-8 is stored as base64.
function encodeContent(path: string, content: Buffer): SavedContent {
  const text = content.toString('utf8');
  return Buffer.from(text, 'utf8').equals(content) ? { path, text } : { path, base64: content.toString('base64') };
}

function decodeContent(saved: SavedContent): [string, Buffer] {
  return [saved.path, 'text' in saved ? Buffer.from(saved.text, 'utf8') : Buffer.from(saved.base64, 'base64')];
}
