export { compare, type Comparison } from './changes';
export { extraTrust, type ExtraTrust } from './extras';
