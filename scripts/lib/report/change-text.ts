import { parseKey, type Change } from '../model';
import { componentLabel, formatValue, settingLabel } from './labels';
import { escapeControls, styled, wrap, type TextLayout, type Style } from './text-layout';

/** The mark of a change. It means the action; the impact is a tag. */
export type Mark = '+' | '~' | '-';

const MARK_STYLES: Readonly<Record<Mark, Style>> = { '+': 'green', '~': 'yellow', '-': 'red' };
const IMPACT_STYLES: Readonly<Record<Change['impact'], Style>> = { none: 'dim', visible: 'yellow', disruptive: 'red' };

/** A component or a setting that is absent before is added; one that is absent after is deleted. */
export function markOf({ action, path, from, to }: Change): Mark {
  if (action === 'create' || (path !== '' && from === null)) return '+';
  return action === 'delete' || (path !== '' && to === null) ? '-' : '~';
}

/** A change as some orgs have it. */
export interface Variant {
  readonly change: Change;
  /** Names the orgs, such as `dev and uat`. Empty if all orgs of the text have this variant. */
  readonly orgs: string;
}

/** The variants of one change: they differ only in their values and their effect. */
export type Variants = readonly [Variant, ...Variant[]];

/** One component with its changes. */
export interface ChangedComponent {
  readonly component: string;
  readonly mark: Mark;
  /** The change of the whole component, if it is shown. */
  readonly whole?: Variants | undefined;
  readonly settings: readonly Variants[];
}

/** A component and its changes, old -> new, with their impact on customers. */
export function componentText(layout: TextLayout, { component, mark, whole, settings }: ChangedComponent): string {
  const title = styled(layout, 'bold', escapeControls(componentLabel(component)));
  return [
    wrap(layout, '    ', `${title}${whole ? impactTag(layout, whole[0].change) : ''}`, `  ${markText(layout, mark)} `),
    ...(whole ?? []).flatMap(({ change, orgs }) => effectText(layout, '      ', change, orgs)),
    ...settings.flatMap((variants) => settingText(layout, variants)),
  ].join('\n');
}

function settingText(layout: TextLayout, variants: Variants): readonly string[] {
  const [{ change, orgs }] = variants;
  const start = `      ${markText(layout, markOf(change))} `;
  const line = (text: string): string =>
    wrap(layout, '          ', `${escapeControls(text)}${impactTag(layout, change)}`, start);
  if (orgs === '') return [line(`${settingName(change)}${valuesText(change)}`), ...effectText(layout, VALUES, change)];
  return [
    line(settingName(change)),
    ...variants.map((each) =>
      wrap(
        layout,
        `${VALUES}  `,
        escapeControls(`${each.orgs}: ${[valuesText(each.change).slice(2), each.change.effect].join('. ')}`),
        VALUES,
      ),
    ),
  ];
}

/** The indent of the values of a setting. */
const VALUES = '          ';

const markText = (layout: TextLayout, mark: Mark): string => styled(layout, MARK_STYLES[mark], mark);

const settingName = (change: Change): string => removedKey(change) ?? settingLabel(change.path);

function valuesText(change: Change): string {
  if (removedKey(change) !== undefined) return '';
  const from = formatValue(change.from);
  return markOf(change) === '-' ? `: ${from} is deleted` : `: ${from} -> ${formatValue(change.to)}`;
}

/** `JSON Web Key Rogue from Customer_Identity` for a key that leaves a keyset. */
function removedKey(change: Change): string | undefined {
  const [, key] = /^publicKeyCertificateSetKeys\[(.*?)\]/.exec(change.path) ?? [];
  return key === undefined || markOf(change) !== '-'
    ? undefined
    : `JSON Web Key ${key} from ${parseKey(change.component).fullName}`;
}

const impactTag = (layout: TextLayout, { impact }: Change): string =>
  impact === 'none' ? '' : ` ${styled(layout, IMPACT_STYLES[impact], `[${impact}]`)}`;

const effectText = (layout: TextLayout, indent: string, { effect }: Change, orgs = ''): readonly string[] =>
  effect === ''
    ? []
    : [
        wrap(
          layout,
          orgs === '' ? indent : `${indent}  `,
          escapeControls(orgs === '' ? effect : `${orgs}: ${effect}`),
          indent,
        ),
      ];

/** Explains the marks and tags of changes. */
export const legendText = (layout: TextLayout): string =>
  ['+ add   ~ change   - delete', '[visible] customers may notice   [disruptive] interrupts chats'].join(
    layout.columns < 95 ? '\n' : '      ',
  );
