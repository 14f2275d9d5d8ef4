import type { Context } from '../cli';
import type { ExitCode } from '../errors';
import { withHosts } from '../run/hosts';
import type { KeysFlags } from './flags';
import type { Lend } from './hosts';

/** Runs one verb of `keys`. Each is loaded only when it is asked for. */
export async function runKeys(context: Context<KeysFlags>): Promise<ExitCode> {
  const { flags } = context;
  const lend: Lend = (use) => withHosts(context, use);
  switch (flags.verb) {
    case 'new':
      return (await import('./new')).runNew({ ...context, flags });
    case 'import':
      return (await import('./import')).runImport({ ...context, flags }, lend);
    case 'jwks':
      return (await import('./jwks')).runJwks({ ...context, flags });
    case 'list':
      return (await import('./list')).runList({ ...context, flags }, lend);
    case 'probe':
      return (await import('./probe')).runProbe({ ...context, flags });
    case 'rotate':
      return (await import('./rotate')).runRotate({ ...context, flags }, lend);
  }
}
