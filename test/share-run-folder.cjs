// Before all test files of a run: a folder for what is made once and read by all, and for all temporary files of the run;
// remove-run-folder.cjs takes it away.
const { chmodSync, mkdtempSync, statfsSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');

const memory = '/dev/shm';
const neededBytes = 2 * 1024 ** 3;

/**
 * Where a machine has files in memory, and room there: SQLite waits for the disk at every commit, and no test needs the
 * disk, for a service that is killed leaves to the system what it has written.
 */
function findPlace() {
  try {
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize >= neededBytes ? memory : tmpdir();
  } catch {
    return tmpdir();
  }
}

module.exports = async function shareRunFolder() {
  const folder = mkdtempSync(path.join(findPlace(), 'kkm-run-'));
  // PostgreSQL, which does not run as root, must reach its own folder in it.
  chmodSync(folder, 0o711);
  // Without the prefix of the product's settings: a service that a test starts inherits it.
  process.env.TEST_RUN_FOLDER = folder;
  // os.tmpdir() of every test and of every process that a test starts.
  process.env.TMPDIR = folder;
  // Programs that a test builds find the package's files and packages above them.
  process.env.TEST_BUILD_FOLDER = path.resolve('node_modules/.cache', path.basename(folder));
};
