import type { Check, Outcome } from '../model';
import { faultText } from './outcomes';
import { count, safe, styled, wrap, type Page } from './page';

const LABEL = 24;

/** A channel of an org, and everything that was looked at there. */
interface Column {
  readonly alias: string;
  readonly channel: string;
  readonly checks: readonly Check[];
}

/** What was proven: checks as rows, channels of orgs as columns; below it, in words, what failed and what was not proven. */
export function proofText(page: Page, orgs: readonly Outcome[]): string {
  const columns = orgs.flatMap(columnsOf);
  const width = Math.max(12, ...columns.map(({ alias, channel }) => Math.max(alias.length, channel.length) + 2));
  const perTable = Math.max(1, Math.floor((page.columns - LABEL) / width));
  const starts = columns.flatMap((_, index) => (index % perTable === 0 ? [index] : []));
  return [
    ...starts.map((start) => tableText(page, columns.slice(start, start + perTable), width)),
    ...orgs.flatMap((org) => detailsOf(page, org)),
    wrap(page, '', summaryOf(orgs)),
  ].join('\n\n');
}

function columnsOf({ alias, checks }: Outcome): readonly Column[] {
  const parts = checks.filter(({ part }) => part !== undefined);
  const channels = [...new Set(parts.flatMap(({ channel }) => channel ?? []))];
  return channels.map((channel) => ({
    ...{ alias, channel },
    checks: parts.filter((check) => (check.channel ?? channel) === channel),
  }));
}

function tableText(page: Page, columns: readonly Column[], width: number): string {
  const all = columns.flatMap(({ checks }) => checks);
  const line = (label: string, cells: readonly string[]): string => `${label.padEnd(LABEL)}${cells.join('')}`.trimEnd();
  const heading = (field: 'alias' | 'channel'): string =>
    styled(
      page,
      'bold',
      line(
        '',
        columns.map((column) => safe(column[field]).padEnd(width)),
      ),
    );
  const parts = [...new Set(all.map(({ part }) => part ?? ''))];
  return [
    heading('alias'),
    heading('channel'),
    ...parts.flatMap((part) => [
      styled(page, 'bold', part),
      ...[...new Set(all.filter((check) => check.part === part).map(({ name }) => name))].map((name) =>
        line(
          `  ${safe(name)}`,
          columns.map((column) => cell(page, column, part, name, width)),
        ),
      ),
    ]),
  ].join('\n');
}

function cell(page: Page, { checks }: Column, part: string, name: string, width: number): string {
  const check = checks.find((each) => each.part === part && each.name === name);
  if (!check) return ''.padEnd(width);
  if (check.state === 'failed') return styled(page, 'red', 'FAILED'.padEnd(width));
  return check.ok ? styled(page, 'green', 'ok'.padEnd(width)) : styled(page, 'yellow', 'not proven'.padEnd(width));
}

/** An org's failures and what was not proven, each text once with the channels and checks that it is about. */
function detailsOf(page: Page, { alias, checks, error }: Outcome): readonly string[] {
  const told = (['failed', 'not proven'] as const).flatMap((state) => {
    const own = checks.filter((check) => check.state === state);
    return [...new Set(own.map(({ detail }) => detail))].map((detail) => {
      const about = own.filter((check) => check.detail === detail);
      const names = [...new Set(about.map(({ part, name }) => `${part ?? ''} ${name}`))].join(', ');
      const channels = [...new Set(about.flatMap(({ channel }) => channel ?? []))].join(', ');
      const title = `${state === 'failed' ? 'FAILED' : 'Not proven'}: ${names}${channels === '' ? '' : ` (${channels})`}`;
      const shown = wrap(page, '  ', safe(title));
      return `${styled(page, state === 'failed' ? 'red' : 'yellow', shown)}\n${wrap(page, '    ', safe(detail))}`;
    });
  });
  const lines = [...told, ...(error ? [faultText(page, error)] : [])];
  return lines.length === 0 ? [] : [[styled(page, 'bold', safe(alias)), ...lines].join('\n')];
}

function summaryOf(orgs: readonly Outcome[]): string {
  const checks = orgs.flatMap((org) => org.checks).filter(({ part }) => part !== undefined);
  const [good, bad] = [checks.filter(({ ok }) => ok).length, checks.filter(({ state }) => state === 'failed').length];
  const open = checks.length - good - bad;
  if (checks.length === 0) return 'Nothing was proven: no channel that was read verifies customers.';
  const rest = open === 0 ? '' : ` ${count(open, 'check')} NOT PROVEN: nobody should take them for good.`;
  return `${count(checks.length, 'check')} in ${count(orgs.length, 'org')}: ${good} ok, ${bad} failed.${rest}`;
}
