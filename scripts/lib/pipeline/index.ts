export { jobMatrix, runMatrix, type MatrixFlags } from './matrix';
export { runLogin, type LoginFlags } from './login';
export { runReport, type ReportFlags } from './joined';
