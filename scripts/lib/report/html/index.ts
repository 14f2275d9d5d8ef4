export { htmlPage } from './report-page';
