export { cliEnvironment } from './cli-worker';
export { CliWorkerPool } from './worker-pool';
export { poll } from './poll';
export { describeRetry, hadNoEffect, retryPause } from './retry';
export { Sf, type NewChatDeployment, type SessionHandler } from './sf';
export type { ApexTestResults, DeployReport, Row } from './responses';
