/** As jest.client.cjs, without the thousands of generated cases: a mutant that only they notice deserves a test of its own. */
const config = require('./jest.client.cjs');

module.exports = { ...config, testPathIgnorePatterns: ['hostile\\.test\\.js$'] };
