export { htmlPage } from './page';
