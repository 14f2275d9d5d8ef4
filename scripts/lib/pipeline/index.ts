export { jobMatrix, runMatrix, type MatrixFlags } from './job-matrix';
export { runLogin, type LoginFlags } from './login';
export { runReport, type ReportFlags } from './merge-reports';
