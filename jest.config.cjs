// Tests run from TypeScript through SWC; the reporter's closing line is what a CI log is read by.
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  testTimeout: 120_000,
  reporters: ['default', '<rootDir>/test/closing-line-reporter.cjs'],
};
