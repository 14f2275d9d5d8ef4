import { z } from 'zod';
import { printableCommand } from '../cli/printable-command';
import { hasSecret } from '../cli/sanitize';
import { commandText } from '../model';
import type { VerifyFlags } from '../verification/verify-flags';

/** Flags that a resumed deploy inherits from its run. None of them names a file or a command line. */
export const runFlagsSchema = z
  .object({
    verify: z.boolean(),
    rollbackOnFailure: z.boolean(),
    concurrency: z.int().positive(),
    maxFailures: z.int().positive(),
    waveDelay: z.string(),
    lockTimeout: z.string(),
    submitTimeout: z.string(),
    publishTimeout: z.string(),
    maxAge: z.string(),
    subject: z.string(),
    require: z.array(z.string()),
    tolerate: z.array(z.string()),
    tokenBudget: z.string(),
    allowLoopback: z.boolean(),
  })
  .partial();

export type RunFlags = z.infer<typeof runFlagsSchema>;

/** The flags for the journal of a run. A protection that one attempt omits stays a flag of the run. */
export const journaledFlags = (flags: object, previous: RunFlags = {}): RunFlags => ({
  ...previous,
  ...entriesOf(runFlagsSchema.parse(flags), (value) => value !== undefined && value !== false),
});

/** The flags of a resumed deploy: those of the user, and otherwise those of the run. */
export const withRunFlags = <Flags extends object>(flags: Flags, previous: RunFlags = {}): Flags => ({
  ...previous,
  ...entriesOf(flags, (value) => value !== undefined),
});

const entriesOf = <T extends object>(values: T, isKept: (value: unknown) => boolean): T =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => isKept(value))) as T;

/** Flags that decide which command resumes a deploy. */
interface DeployCommandFlags extends VerifyFlags {
  readonly plan?: string;
  readonly verify?: boolean;
}

/**
 * The command that resumes a deploy, as its journal contains it: with the saved plan and the source of tokens, which a resumed run
 * doesn't inherit. An attempt without verification doesn't change the command of its run.
 */
export const deployResumeCommand = (
  { plan, verify, ...flags }: DeployCommandFlags,
  previousRun?: { readonly resumeCommand?: string | undefined },
): string =>
  (verify === false ? previousRun?.resumeCommand : undefined) ??
  commandText(
    ...(['deploy', '--resume', ...(plan === undefined ? [] : ['--plan', plan])] as const),
    ...(verify === true ? ['--verify', ...tokenArguments(flags)] : []),
  );

type FlagValue = boolean | number | string | readonly string[] | undefined;

/** The arguments of flags that the user gave, so that a recommended command does the same. */
export const flagArguments = <Name extends string>(
  flags: Readonly<Partial<Record<Name, FlagValue>>>,
  names: readonly Name[],
): readonly string[] =>
  names.flatMap((name) => {
    const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    return [flags[name] ?? false].flat().flatMap((value) => {
      if (typeof value === 'boolean') return value ? [flag] : [];
      return [flag, String(value)];
    });
  });

/** The --token-command and --private-key of a recommended command. */
export const tokenArguments = ({ tokenCommand, privateKey = [] }: VerifyFlags): readonly string[] => [
  ...(tokenCommand === undefined ? [] : ['--token-command', printableCommand(tokenCommand)]),
  ...[privateKey].flat().flatMap((file) => ['--private-key', isPrintable(file) ? file : 'FILE']),
];

/** A journal contains no secret, and its commands have one line. */
const isPrintable = (text: string): boolean => !hasSecret(text) && !/[\r\n]/.test(text);
