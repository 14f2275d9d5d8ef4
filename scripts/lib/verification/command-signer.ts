import { isSignedInput, type ForgeInput, type SigningInput } from './forged-tokens';
import type { ChannelContext } from './context';

/** Signs a token that is invalid on purpose; undefined if the token command doesn't support that. */
export type CommandSigner = (
  input: ForgeInput,
  toSign: (input: ForgeInput) => SigningInput,
) => Promise<string | undefined>;

/**
 * Lets the token command sign tokens with one defect: it gets them in TOKEN_TO_SIGN. A command that ignores the variable, as
 * most do, prints another token. It is asked once then. The signature is checked, because a wrong one is a second defect.
 */
export function commandSigner({ org, channel, options: { tokenCommand } }: ChannelContext): CommandSigner {
  const sign: CommandSigner = async (input, toSign) => {
    const { issuer, key } = input.expected;
    const signingInput = toSign(input);
    const token = await tokenCommand
      ?.getToken({
        org: org.desired.org.alias,
        orgId: org.live.facts.orgId,
        channel: channel.fullName,
        issuer,
        subject: input.sub,
        now: input.now,
        alg: signingInput.alg,
        toSign: signingInput.text,
        ...(key?.kid !== undefined && { kid: key.kid }),
      })
      .catch(() => undefined);
    return token !== undefined && isSignedInput(token, signingInput, key?.publicKey) ? token : undefined;
  };
  let first: Promise<string | undefined> | undefined;
  return async (input, toSign) => {
    if (!first) return (first = sign(input, toSign));
    return (await first) === undefined ? undefined : sign(input, toSign);
  };
}
