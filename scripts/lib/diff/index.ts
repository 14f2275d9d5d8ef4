export { compare, compareExactly, type Comparison } from './changes';
export { differences } from './compare';
export { extraTrust, type ExtraTrust } from './extras';
