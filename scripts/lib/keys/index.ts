import type { Context } from '../cli';
import type { ExitCode } from '../errors';
import { withCliWorkers } from '../rollout/cli-workers';
import type { KeysFlags } from './flags';
import type { UseWorkers } from './keyset';

export { discoverProvider, metadataProblems, otherRequestedIssuer } from './discover-provider';

/** Runs one command of `keys`. Loads only the code of that command. */
export async function runKeys(context: Context<KeysFlags>): Promise<ExitCode> {
  const { flags } = context;
  const useWorkers: UseWorkers = (use) => withCliWorkers(context, use);
  switch (flags.verb) {
    case 'new':
      return (await import('./new')).runNew({ ...context, flags });
    case 'import':
      return (await import('./import')).runImport({ ...context, flags }, useWorkers);
    case 'jwks':
      return (await import('./jwks')).runJwks({ ...context, flags });
    case 'list':
      return (await import('./list')).runList({ ...context, flags }, useWorkers);
    case 'check-endpoint':
      return (await import('./check-endpoint')).runCheckEndpoint({ ...context, flags });
    case 'provider':
      return (await import('./provider')).runProvider({ ...context, flags });
    case 'rotate':
      return (await import('./rotate')).runRotate({ ...context, flags }, useWorkers);
  }
}
