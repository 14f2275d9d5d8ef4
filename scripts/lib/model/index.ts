export * from './element';
export * from './component';
export * from './references';
export * from './lists';
export * from './finding';
export * from './way';
export * from './org';
export * from './plan';
