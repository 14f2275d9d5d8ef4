export { runClientKit } from './client-kit';
