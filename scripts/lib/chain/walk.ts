import { componentsOf, keyOf, textAt, type Component, type ComponentMap } from '../model';
import type { TokenReading } from '../token';
import { CHANNEL_LINKS, CONFIGURATION_LINKS, KEYSET_LINKS, SUBJECT_LINKS } from './channel-links';
import { CLAIM_LINKS } from './claim-links';
import { KEY_LINKS } from './key-links';
import type { Link, LinkResult, Scene } from './link';
import { configurationsOf, isMeantToVerify, keysOf, type Picture } from './picture';
import { TOKEN_LINKS } from './token-links';

/** How far a token, or any token, gets on one channel of one org: every link up to the first broken one. */
export interface Walk {
  readonly channel: string;
  readonly links: readonly LinkResult[];
}

const FOR_A_TOKEN = [
  ...TOKEN_LINKS,
  ...KEY_LINKS,
  ...CLAIM_LINKS,
  ...CONFIGURATION_LINKS,
  ...SUBJECT_LINKS,
  ...CHANNEL_LINKS,
];
const FOR_ANY_TOKEN = [...CONFIGURATION_LINKS, ...KEYSET_LINKS, ...CHANNEL_LINKS];

/** The first broken link of a walk; undefined where every link held, or could not be looked at. */
export const firstBroken = ({ links }: Walk): (LinkResult & { readonly state: 'broken' }) | undefined =>
  links.find((each): each is LinkResult & { readonly state: 'broken' } => each.state === 'broken');

/** Walks a token through an org to a channel. `now` is the clock that its times are held against. */
export function walkToken(picture: Picture, channel: Component, reading: TokenReading, now: Date): Walk {
  const { token } = reading;
  if (!token)
    return {
      channel: channel.fullName,
      links: [{ link: 'well-formed', state: 'broken', detail: reading.problem, fix: reading.fix }],
    };
  const scene = { ...sceneOf(picture, channel, now), token };
  return {
    channel: channel.fullName,
    links: [{ link: 'well-formed', state: 'ok', detail: token.fingerprint }, ...walked(scene, FOR_A_TOKEN)],
  };
}

/** Walks what an org has for any token of a channel: all that can be told without one. */
export function walkChannel(picture: Picture, channel: Component, now: Date): Walk {
  const scene = sceneOf(picture, channel, now);
  const ways = configurationsOf(channel).flatMap((item) => {
    const keyset = picture.components.get(
      `PublicKeyCertificateSet:${textAt(item, 'publicKeyCertificateSetName') ?? ''}`,
    );
    return keyset ? [{ keyset }] : [];
  });
  return { channel: channel.fullName, links: walked({ ...scene, ways }, FOR_ANY_TOKEN) };
}

const sceneOf = (picture: Picture, channel: Component, now: Date): Scene => ({
  ...{ picture, channel, now, ways: [] },
  keys: keysOf(picture, now),
});

function walked<S extends Scene>(start: S, links: readonly Link<S>[]): readonly LinkResult[] {
  const results: LinkResult[] = [];
  let scene = start;
  for (const { name, look } of links) {
    const { verdict, ways } = look(scene);
    results.push({ link: name, ...verdict });
    if (verdict.state === 'broken') break;
    scene = ways ? { ...scene, ways } : scene;
  }
  return results;
}

/**
 * The channels of a picture on which customers are to be verified: those that say so there, and those of which the source
 * says so, for a channel that was switched to guests is what one looks for.
 */
export function verifiedChannels({ components }: Picture, stated: ComponentMap): readonly Component[] {
  const meant = new Set(componentsOf(stated, 'MessagingChannel').filter(isMeantToVerify).map(keyOf));
  return componentsOf(components, 'MessagingChannel').filter(
    (channel) => isMeantToVerify(channel) || meant.has(keyOf(channel)),
  );
}
