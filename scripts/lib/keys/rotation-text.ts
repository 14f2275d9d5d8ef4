import { textAt, type Desired } from '../model';
import { faultText, styled, wrap, type Page } from '../report';
import {
  earliestRetirement,
  earliestSwitch,
  shownMoment,
  stageOf,
  type PlaceResult,
  type Refusal,
  type Rotation,
} from '../rotation';
import { keysetIn } from './keyset';

/** How each place came out of a step. */
export function placesText(page: Page, places: readonly PlaceResult[]): string {
  return places
    .map(({ place, result, error }) => {
      const line = `${styled(page, 'bold', place.name.padEnd(12))} wave ${place.wave}  ${result}`;
      return error ? `${line}\n${faultText(page, error)}` : line;
    })
    .join('\n');
}

export const refusalText = (page: Page, { why, fix, earliest }: Refusal): string =>
  [
    wrap(page, '  ', 'Not yet: nothing was changed. (out-of-turn)'),
    wrap(page, '  ', `Why: ${why}`),
    ...(earliest ? [wrap(page, '  ', `Earliest moment: ${shownMoment(earliest)}.`)] : []),
    wrap(page, '  ', `Fix: ${fix}`),
  ].join('\n');

/** What is to be done next, and from when on. */
export function nextText(rotation: Rotation, places: readonly string[]): string {
  const { keyset, delivery, next, compromised } = rotation;
  const run = (step: string): string => `npm run keys -- rotate ${step} ${keyset}`;
  const publish =
    delivery === 'endpoint' ? `Publish the new document first: npm run keys -- jwks ${keyset} --out FILE.\n` : '';
  if (!next) return `Next: make a key (npm run keys -- new NAME), then ${run('stage')} --key NAME`;
  switch (
    compromised && places.some((place) => rotation.places[place]?.stagedAt === undefined)
      ? 'staging'
      : stageOf(rotation, places)
  ) {
    case 'staging':
      return `${publish}Next: ${run(places.some((place) => rotation.places[place]?.stagedAt !== undefined) ? 'staged' : 'stage')}`;
    case 'staged':
      return `Next, from ${shownMoment(earliestSwitch(rotation, places) ?? new Date())} on: the signer switches, as below. Then ${run('switch')} --switched`;
    case 'switched':
      return `Next, from ${shownMoment(earliestRetirement(rotation) ?? new Date())} on: ${run('retire')}`;
    case 'retiring':
      return `${publish}Next: ${run('retire')}, until every place is through.`;
    case 'retired':
      return `Next, when you like: ${run('delete')}`;
    case 'done':
      return 'The rotation is over.';
  }
}

/** Exactly what the owner of the signer has to change, and what not. */
export function signerText({ retiring, next, keyset }: Rotation, orgs: readonly Desired[], alg: string): string {
  const issuers = orgs.flatMap((desired) => {
    const set = keysetIn(desired, keyset);
    return set ? [`    ${desired.org.alias}: "iss": "${textAt(set.root, 'jwtIssuer') ?? ''}"`] : [];
  });
  return [
    'What the signer changes:',
    `  sign with the private key of ${next?.name ?? ''} instead of that of ${retiring.name}`,
    `  header "kid": "${next?.kid ?? ''}"    (until now "${retiring.kid}")`,
    `  header "alg": "${alg}"`,
    'What stays as it is: "sub", and the issuer, letter for letter:',
    ...issuers,
  ].join('\n');
}
