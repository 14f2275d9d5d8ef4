import type { Context } from '../cli';
import { EXIT, ToolError, type ExitCode } from '../errors';
import { componentsOf, type Component, type ComponentMap, type Finding } from '../model';
import { findingsText } from '../report';
import { readSource } from '../source';
import { factsOf, verifyFree } from './collisions';
import { keyComponent, withJwk } from './component';
import { isAddress } from '../endpoint';
import type { ImportFlags } from './flags';
import type { Lend } from './hosts';
import { finding, type Offer, type Taken } from './material';
import { verifyName } from './name';
import { certificateFrom, offerFrom } from './offers';
import { namedBySigner, orgCertificate } from './org-certificate';
import type { PublicJwk } from './public-jwk';
import { componentEdit, keyFile, writeEdits } from './source-files';
import { takeKeyFrom } from './take';
import { showFindings, showKey } from './told';

const COMMAND = 'keys import';

/**
 * Takes a public key into the source. Nothing is written unless Salesforce would take the key. A certificate for a key
 * that is in the source under this name already renews it: same key, same kid, longer life.
 */
export async function runImport(context: Context<ImportFlags>, lend: Lend): Promise<ExitCode> {
  const { flags, now, page, show } = context;
  verifyName(flags.name);
  const source = readSource(flags.project).components;
  const before = source.get(`PublicKeyCertificate:${flags.name}`);
  if (!before) verifyFree(source, flags.name, undefined);
  const certificate = flags.certificate === undefined ? undefined : certificateFrom(flags.certificate);
  if (certificate && 'findings' in certificate) return showFindings(context, COMMAND, certificate.findings);
  const offer = await offerOf(context, lend);
  const known = before && factsOf(before, now);
  const signer = namedBySigner(flags);
  const wanted = { kid: flags.kid ?? signer.kid, alg: flags.alg ?? known?.alg ?? signer.alg, certificate, now };
  const taken = settled(takeKeyFrom(offer, wanted), offer, source, before);
  if (!taken.jwk) return showFindings(context, COMMAND, taken.findings);
  if (taken.notes.length > 0) show(`${findingsText(page, taken.notes)}\n`);
  const file = keyFile(flags.project, source, flags.name);
  writeEdits(
    flags.project,
    componentEdit(file, before ? withJwk(before, taken.jwk) : keyComponent(flags.name, taken.jwk)),
  );
  return showKey(context, { command: COMMAND, name: flags.name, file, jwk: taken.jwk });
}

function offerOf(context: Context<ImportFlags>, lend: Lend): Promise<Offer> {
  const { from, setupCertificate, allowLoopback } = context.flags;
  if ((from === undefined) === (setupCertificate === undefined)) throw noOffer();
  if (setupCertificate !== undefined) return orgCertificate(context, setupCertificate, lend);
  return offerFrom(from ?? '', { allowLoopback, address: isAddress(from ?? '') });
}

/** A key has one place in the source: under one name, with one kid. */
function settled(taken: Taken, { from }: Offer, source: ComponentMap, before: Component | undefined): Taken {
  if (!taken.jwk) return taken;
  const [jwk, facts] = [taken.jwk, factsOf(keyComponent('', taken.jwk))];
  const old = factsOf(before);
  if (before && old?.thumbprint !== facts?.thumbprint) return { findings: [otherKey(from, before.fullName)] };
  const others = componentsOf(source, 'PublicKeyCertificate').filter(({ fullName }) => fullName !== before?.fullName);
  const twin = others.find((key) => factsOf(key)?.thumbprint === facts?.thumbprint || factsOf(key)?.kid === jwk.kid);
  if (twin) return { findings: [sameKey(from, twin.fullName, factsOf(twin)?.thumbprint === facts?.thumbprint)] };
  return { ...taken, jwk: renewed(jwk, old?.kid) };
}

/** Tokens name the key by its kid, so a renewal keeps it. */
const renewed = (jwk: PublicJwk, kid: string | undefined): PublicJwk => (kid === undefined ? jwk : { ...jwk, kid });

const otherKey = (from: string, name: string): Finding =>
  finding(
    ...([
      from,
      'error',
      'key-taken',
      `The source has another key under the name ${name}: replacing it would lock its tokens out.`,
    ] as const),
    'Import it under a new name and rotate to it: npm run keys -- rotate stage.',
  );

const sameKey = (from: string, name: string, thumbprint: boolean): Finding =>
  finding(
    ...([
      from,
      'error',
      'key-known',
      thumbprint ? `The source has this key already, as ${name}.` : `The key ${name} has this kid already.`,
    ] as const),
    thumbprint
      ? `To renew its certificate, import it as ${name}.`
      : 'Give the key another kid where it is made: a token names its key by kid.',
  );

const noOffer = (): ToolError =>
  new ToolError(
    'bad-flag',
    {
      what: 'There is no one place to take the key from.',
      why: 'A key comes from a file, an address, or an org.',
      fix: 'Use either --from FILE-or-URL, or --org ALIAS --setup-certificate NAME.',
    },
    { exit: EXIT.invalid },
  );
