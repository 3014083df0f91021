const { rmSync } = require('node:fs');

module.exports = async function removeRunFolder() {
  for (const folder of [process.env.TEST_RUN_FOLDER, process.env.TEST_BUILD_FOLDER]) {
    rmSync(folder, { recursive: true, force: true });
  }
};
