/** Tests of the web client: plain modules in Node with a page of their own (scripts/test/web-client/page.js). */
const { jestConfig } = require('@salesforce/sfdx-lwc-jest/config');

module.exports = {
  rootDir: require('node:path').join(__dirname, '..'),
  roots: ['<rootDir>/scripts/test/web-client'],
  testMatch: ['**/*.test.js'],
  testEnvironment: 'node',
  transform: jestConfig.transform,
  collectCoverageFrom: ['scripts/web-client/*.js'],
  coverageReporters: ['text'],
  coverageThreshold: { global: { branches: 95 } },
};
