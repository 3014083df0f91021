// Tests run from TypeScript through SWC; the reporter's closing line is what a CI log is read by.
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', tsx: true },
          transform: { react: { runtime: 'automatic', importSource: 'preact' } },
          target: 'es2022',
        },
        module: { type: 'commonjs' },
      },
    ],
    // ES modules, which Jest cannot require as Node does.
    'node_modules/(hucre|preact|preact-render-to-string)/.+\\.m?js$': [
      '@swc/jest',
      { jsc: { target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?!(hucre|preact|preact-render-to-string)/)'],
  moduleFileExtensions: ['ts', 'tsx', 'js', 'cjs', 'mjs', 'json', 'node'],
  testTimeout: 300_000,
  globalSetup: '<rootDir>/test/share-run-folder.cjs',
  globalTeardown: '<rootDir>/test/remove-run-folder.cjs',
  // Jest would leave one core to itself, which on two cores means one test file at a time.
  maxWorkers: '100%',
  // A process grows to 1.8 GB over the run: another takes its place at this much JavaScript heap in use.
  workerIdleMemoryLimit: '500MB',
  reporters: ['default', '<rootDir>/test/closing-line-reporter.cjs'],
};
