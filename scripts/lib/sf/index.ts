export { cliEnvironment } from './host-process';
export { HostPool } from './pool';
export { Sf } from './sf';
export type { Login } from './sf';
export type { DeployReport, Row } from './answers';
