import type { HostPool } from '../sf';

/** Lends CLI hosts for as long as they are used: they are only started for a verb that talks to an org. */
export type Lend = <T>(use: (hosts: HostPool) => Promise<T>) => Promise<T>;
