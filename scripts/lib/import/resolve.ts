import {
  EMPTY_ORG_SETTINGS,
  keyOf,
  npmRun,
  referencesOf,
  type ComponentMap,
  type CompromisedKey,
  type DesiredState,
  type OrgConfig,
  type UndeployedComponents,
} from '../model';
import { check } from '../rules';
import { selectComponents, type RejectedItems, type ImportSelection, type ImportOptions } from './select';
import { isSafeName, type OrgContents } from './org-contents';

/** The input of the rules besides the components. */
export interface RuleContext {
  readonly source: ComponentMap;
  /** Files that aren't read, by the component that they define: .forceignore excludes them, or they have an error. */
  readonly unread: UndeployedComponents;
  readonly apiVersion: { readonly value: string; readonly file: string; readonly line: number };
  readonly now: Date;
  /** Keys that aren't imported as trusted ones. */
  readonly compromised: readonly CompromisedKey[];
}

/** The components that can be imported, and the reasons for the rest. */
export interface ImportResolution {
  readonly selection: ImportSelection;
  readonly rejected: RejectedItems;
}

/**
 * Selects the components of an org that pass the rules. A component with an error, such as an unsafe key, stays in the org,
 * is listed as existing, and is reported. Each iteration rejects at least one more item, so the loop ends.
 */
export function resolveImport(
  contents: OrgContents,
  options: ImportOptions,
  initialRejections: RejectedItems,
  context: RuleContext,
): ImportResolution {
  const rejected = new Map([
    ...initialRejections,
    ...unsafeNames(contents),
    ...unreadComponents(contents, context.unread),
    ...missingFlows(contents),
  ]);
  for (;;) {
    const selection = selectComponents(contents, options, rejected, context.source);
    const errors = check({
      ...context,
      source: selection.components,
      orgs: [toDesiredState(selection, context.compromised)],
    }).filter(({ severity, component }) => severity === 'error' && component !== '');
    const newRejections = errors
      .map(
        ({ component, path, rule, message, fix }) => [rejectionKey(component, path), { rule, message, fix }] as const,
      )
      .filter(([itemKey]) => !rejected.has(itemKey));
    if (newRejections.length === 0) return { selection: selection, rejected: rejected };
    newRejections.forEach(([place, reason]) => rejected.set(place, reason));
  }
}

/** An error in one user verification configuration rejects that configuration. Any other error rejects the component. */
function rejectionKey(component: string, path: string): string {
  const [, item] = /^(embeddedConfig\.messagingAuthorizations\[[^\]]*\])/.exec(path) ?? [];
  return item === undefined ? component : `${component} ${item}`;
}

/**
 * Components whose name can't be the name of a file. Salesforce allows letters, digits, and underscores only (Metadata API
 * Developer Guide, fullName), so an org that sends another name isn't trusted: the name could leave the project folder.
 */
const unsafeNames = ({ components }: OrgContents): RejectedItems =>
  new Map(
    [...components.values()]
      .filter(({ fullName }) => !isSafeName(fullName))
      .map((component) => [keyOf(component), UNSAFE_NAME] as const),
  );

/** Components whose file isn't read. An import would overwrite the file, or write a second one. */
const unreadComponents = ({ components }: OrgContents, unread: UndeployedComponents): RejectedItems =>
  new Map(
    [...components.keys()].flatMap((key) => {
      const cause = unread.get(key);
      return cause
        ? [[key, cause.reason === 'ignored' ? ignoredFile(key, cause.file) : brokenFile(key, cause.file)]]
        : [];
    }),
  );

type RejectionReason = ReturnType<RejectedItems['get']> & object;

const ignoredFile = (key: string, file: string): RejectionReason => ({
  rule: 'ignored-file',
  message: `${key} has the file ${file}, which .forceignore excludes.`,
  fix: 'Remove the pattern from .forceignore, or leave the component to the org.',
});

const brokenFile = (key: string, file: string): RejectionReason => ({
  rule: 'unreadable-source',
  message: `${key} has the file ${file}, which can't be read.`,
  fix: `Correct the file (${npmRun('check')}), then import again.`,
});

const UNSAFE_NAME = {
  rule: 'unsafe-name',
  message: 'The name contains characters that Salesforce does not allow in a developer name.',
  fix: 'Rename the component in the org, then import again.',
};

/** Flows that a retrieve doesn't return. They would make every plan fail, so the imported channel doesn't declare them. */
const missingFlows = ({ components, foundReferences }: OrgContents): RejectedItems =>
  new Map(
    [...components.values()].flatMap((component) =>
      referencesOf(component)
        .filter(({ type, name }) => type === 'Flow' && !foundReferences.has(`Flow:${name}`))
        .map(({ path, name }) => [`${keyOf(component)} ${path}`, flowNotRetrieved(name)] as const),
    ),
  );

const flowNotRetrieved = (flow: string): { rule: string; message: string; fix: string } => ({
  rule: 'flow-not-retrieved',
  message: `The channel uses the flow ${flow}, which the org didn't return.`,
  fix: 'No action for this org. In another org, create the flow before you deploy the channel.',
});

/** The desired state of the org if source contained only the selection. */
export const toDesiredState = (selection: ImportSelection, compromised: readonly CompromisedKey[]): DesiredState => ({
  org: toOrgConfig(selection),
  components: selection.components,
  compromised,
});

/** The org file of the selection, with the members that rules and plans read. */
export const toOrgConfig = ({ contents, channels, include, existing }: ImportSelection): OrgConfig => ({
  alias: contents.alias,
  file: `config/orgs/${contents.alias}.json`,
  orgId: contents.facts.orgId,
  ...EMPTY_ORG_SETTINGS,
  kind: contents.facts.kind,
  wave: 1,
  channels,
  include,
  existing,
});
