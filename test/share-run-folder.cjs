// Before all test files of a run: a folder for what is made once and read by all; remove-run-folder.cjs takes it away.
const { mkdtempSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');

module.exports = async function shareRunFolder() {
  // Without the prefix of the product's settings: a service that a test starts inherits it.
  process.env.TEST_RUN_FOLDER = mkdtempSync(path.join(tmpdir(), 'kkm-run-'));
};
