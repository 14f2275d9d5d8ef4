import { keyOf, referencesOf, type ComponentMap, type DesiredState, type OrgConfig } from '../model';
import { check } from '../rules';
import { selectComponents, type RejectedItems, type ImportSelection, type ImportOptions } from './select';
import { isSafeName, type OrgContents } from './org-contents';

/** What the rules need to know besides the components. */
export interface RuleContext {
  readonly source: ComponentMap;
  readonly apiVersion: { readonly value: string; readonly file: string; readonly line: number };
  readonly now: Date;
}

/** What fits into a source, and why the rest does not. */
export interface ImportResolution {
  readonly selection: ImportSelection;
  readonly rejected: RejectedItems;
}

/**
 * Takes as much of an org as passes the rules, so that a plan can be made of it. What does not pass - an unsafe key, say -
 * stays in the org, is named as existing, and is told. Every turn refuses something more, so there is an end.
 */
export function resolveImport(
  contents: OrgContents,
  options: ImportOptions,
  initialRejections: RejectedItems,
  context: RuleContext,
): ImportResolution {
  const rejected = new Map([...initialRejections, ...unsafeNames(contents), ...missingFlows(contents)]);
  for (;;) {
    const selection = selectComponents(contents, options, rejected, context.source);
    const errors = check({ ...context, source: selection.components, orgs: [toDesiredState(selection)] }).filter(
      ({ severity, component }) => severity === 'error' && component !== '',
    );
    const newRejections = errors
      .map(
        ({ component, path, rule, message, fix }) => [rejectionKey(component, path), { rule, message, fix }] as const,
      )
      .filter(([itemKey]) => !rejected.has(itemKey));
    if (newRejections.length === 0) return { selection: selection, rejected: rejected };
    newRejections.forEach(([place, reason]) => rejected.set(place, reason));
  }
}

/** One bad configuration does not keep a channel out; anything else that is wrong with it does. */
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

const UNSAFE_NAME = {
  rule: 'unsafe-name',
  message: 'The name contains characters that Salesforce does not allow in a developer name.',
  fix: 'Rename the component in the org, then import again.',
};

/** A flow that no retrieve brings would make every plan fail, so its channel does not name it in the source. */
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
  message: `The channel names the flow ${flow}, which the org does not hand out, so the source does not state it.`,
  fix: 'Nothing has to be done for this org; another org needs the flow before the channel routes to it.',
});

/** What the org would get from a source made of nothing but this. */
export function toDesiredState(selection: ImportSelection): DesiredState {
  return { org: toOrgConfig(selection), components: selection.components };
}

/** The org file that belongs to it, as far as rules and plans look at one. */
const toOrgConfig = ({ contents, channels, include, existing }: ImportSelection): OrgConfig => ({
  ...{ alias: contents.alias, file: `config/orgs/${contents.alias}.json`, orgId: contents.facts.orgId },
  ...{ kind: contents.facts.kind, wave: 1, channels, inactive: [], include, existing },
  ...{ overrides: new Map(), lines: new Map() },
});
