import type { Context } from '../cli';
import { EXIT, type ExitCode } from '../errors';
import { planFleet, type Planned } from '../fleet';
import { count, faultText, styled, type Page } from '../report';
import { exitOf } from '../run/exit';
import { Sf } from '../sf';
import type { ListFlags } from './flags';
import type { Lend } from './hosts';
import { endsSoon, heldKeys, type HeldKey } from './held';
import { readKeyProject, selectedOrgs } from './keyset';

/** Lists every key of every org. What is wrong with the project does not matter here: on the night a certificate ends, much is. */
export async function runList(context: Context<ListFlags>, lend: Lend): Promise<ExitCode> {
  const { flags, page, show } = context;
  const project = readKeyProject(flags.project);
  const orgs = selectedOrgs(project.orgs, flags);
  const apiVersion = project.source.apiVersion.value;
  const fleet = await lend((hosts) =>
    planFleet(new Sf(hosts, apiVersion), orgs, { apiVersion, done: () => undefined }),
  );
  const keys = fleet.flatMap(({ desired, live }) => (live ? heldKeys(desired.org.alias, live, context.now) : []));
  const soon = keys.filter((key) => endsSoon(key, flags.within));
  fleet.forEach((planned) => show(orgText(page, planned, keys, flags.within)));
  show(summary(keys, soon.length, flags.within));
  return finish(context, fleet, keys, soon.length > 0);
}

function finish(
  { document }: Context<ListFlags>,
  fleet: readonly Planned[],
  keys: readonly HeldKey[],
  soon: boolean,
): ExitCode {
  const orgs = fleet.map(
    ({ outcome }) => ({ ...outcome, outcome: outcome.error ? outcome.outcome : 'unchanged', changes: [] }) as const,
  );
  const read = exitOf(orgs);
  const exitCode = read === EXIT.done && soon ? EXIT.changes : read;
  document(JSON.stringify({ command: 'keys list', exitCode, findings: [], orgs, keys }, null, 2));
  return exitCode;
}

function orgText(page: Page, { desired, outcome }: Planned, keys: readonly HeldKey[], within: number): string {
  const own = keys.filter(({ org }) => org === desired.org.alias);
  const title = `${styled(page, 'bold', desired.org.alias)}  ${desired.org.kind}, ${count(own.length, 'uploaded key')}${outcome.error ? ', as far as it was read' : ''}`;
  const lines = own.map((key) => keyText(page, key, within));
  return [title, ...lines, ...(outcome.error ? [faultText(page, outcome.error)] : []), ''].join('\n');
}

function keyText(page: Page, key: HeldKey, within: number): string {
  const { name, kid, alg, thumbprint, ends, daysLeft, active, keysets, orphaned } = key;
  const life = ends === null ? 'no certificate' : `until ${ends.slice(0, 10)}, ${daysLeft} days left`;
  const marked = endsSoon(key, within) ? styled(page, 'red', `! ${life}`) : life;
  const place = orphaned ? styled(page, 'yellow', 'orphaned: in no keyset') : `in ${keysets.join(', ')}`;
  return [
    `  ${name}  ${active ? 'active' : 'inactive'}, ${place}`,
    `    kid ${kid ?? '?'}, ${alg ?? '?'}, ${marked}`,
    ...(thumbprint === kid || thumbprint === null ? [] : [`    thumbprint ${thumbprint}`]),
  ].join('\n');
}

function summary(keys: readonly HeldKey[], soon: number, within: number): string {
  const orphaned = keys.filter((key) => key.orphaned).length;
  const ending =
    soon === 0 ? `No active key ends within ${within} days.` : `${soon} active keys end within ${within} days.`;
  return `${ending}${orphaned > 0 ? ` ${orphaned} keys are in no keyset.` : ''}`;
}
