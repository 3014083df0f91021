// Before all test files of a run: a folder for what is made once and read by all; remove-run-folder.cjs takes it away.
const { mkdtempSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');

module.exports = async function shareRunFolder() {
  // Without the prefix of the product's settings: a service that a test starts inherits it.
  const folder = mkdtempSync(path.join(tmpdir(), 'kkm-run-'));
  process.env.TEST_RUN_FOLDER = folder;
  // Programs that a test builds find the package's files and packages above them.
  process.env.TEST_BUILD_FOLDER = path.resolve('node_modules/.cache', path.basename(folder));
};
