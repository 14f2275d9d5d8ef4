import { keyOf, referencesOf, type ComponentMap, type Desired, type OrgConfig } from '../model';
import { check } from '../rules';
import { take, type Refused, type Taken, type Wish } from './take';
import type { OrgSight } from './sight';

/** What the rules need to know besides the components. */
export interface Terms {
  readonly source: ComponentMap;
  readonly apiVersion: { readonly value: string; readonly file: string; readonly line: number };
  readonly now: Date;
}

/** What fits into a source, and why the rest does not. */
export interface Fitting {
  readonly taken: Taken;
  readonly refused: Refused;
}

/**
 * Takes as much of an org as passes the rules, so that a plan can be made of it. What does not pass - an unsafe key, say -
 * stays in the org, is named as existing, and is told. Every turn refuses something more, so there is an end.
 */
export function fit(sight: OrgSight, wish: Wish, known: Refused, terms: Terms): Fitting {
  const refused = new Map([...known, ...missingFlows(sight)]);
  for (;;) {
    const taken = take(sight, wish, refused, terms.source);
    const errors = check({ ...terms, source: taken.components, orgs: [desiredOf(taken)] }).filter(
      ({ severity, component }) => severity === 'error' && component !== '',
    );
    const fresh = errors
      .map(({ component, path, rule, message, fix }) => [placeOf(component, path), { rule, message, fix }] as const)
      .filter(([place]) => !refused.has(place));
    if (fresh.length === 0) return { taken, refused };
    fresh.forEach(([place, reason]) => refused.set(place, reason));
  }
}

/** One bad configuration does not keep a channel out; anything else that is wrong with it does. */
function placeOf(component: string, path: string): string {
  const [, item] = /^(embeddedConfig\.messagingAuthorizations\[[^\]]*\])/.exec(path) ?? [];
  return item === undefined ? component : `${component} ${item}`;
}

/** A flow that no retrieve brings would make every plan fail, so its channel does not name it in the source. */
const missingFlows = ({ components, there }: OrgSight): Refused =>
  new Map(
    [...components.values()].flatMap((component) =>
      referencesOf(component)
        .filter(({ type, name }) => type === 'Flow' && !there.has(`Flow:${name}`))
        .map(({ path, name }) => [`${keyOf(component)} ${path}`, unseen(name)] as const),
    ),
  );

const unseen = (flow: string): { rule: string; message: string; fix: string } => ({
  rule: 'flow-not-retrieved',
  message: `The channel names the flow ${flow}, which the org does not hand out, so the source does not state it.`,
  fix: 'Nothing has to be done for this org; another org needs the flow before the channel routes to it.',
});

/** What the org would get from a source made of nothing but this. */
export function desiredOf(taken: Taken): Desired {
  return { org: configOf(taken), components: taken.components };
}

/** The org file that belongs to it, as far as rules and plans look at one. */
const configOf = ({ sight, channels, include, existing }: Taken): OrgConfig => ({
  ...{ alias: sight.alias, file: `config/orgs/${sight.alias}.json`, orgId: sight.facts.orgId },
  ...{ kind: sight.facts.kind, wave: 1, channels, inactive: [], include, existing },
  ...{ overrides: new Map(), lines: new Map() },
});
