export { cliEnvironment } from './host-process';
export { HostPool, type Lane } from './pool';
export { isUndone, namedFault } from './retry';
export { Sf } from './sf';
export type { Login } from './sf';
export type { DeployReport, Row } from './answers';
