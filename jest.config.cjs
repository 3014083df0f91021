const { availableParallelism } = require('node:os');

// Tests run from TypeScript through SWC; the reporter's closing line is what a CI log is read by.
module.exports = {
  testEnvironment: '<rootDir>/test/shared-environment.cjs',
  runtime: '<rootDir>/test/shared-runtime.cjs',
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
  testSequencer: '<rootDir>/test/slow-files-first.cjs',
  // One more than there are cores: some files wait more than they work, for a process, a browser or a second to pass.
  maxWorkers: availableParallelism() + 1,
  // One that has grown beyond this much JavaScript heap in use gives its place to another.
  workerIdleMemoryLimit: '1000MB',
  reporters: ['default', '<rootDir>/test/closing-line-reporter.cjs'],
};
