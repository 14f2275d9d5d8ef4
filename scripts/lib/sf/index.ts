export { cliEnvironment } from './cli-worker';
export { CliWorkerPool } from './worker-pool';
export { backoffMs, poll } from './poll';
export { hadNoEffect } from './retry';
export { Sf } from './sf';
export type { DeployReport, Row } from './responses';
