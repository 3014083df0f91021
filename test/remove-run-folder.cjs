const { rmSync } = require('node:fs');

module.exports = async function removeRunFolder() {
  rmSync(process.env.KKM_TEST_RUN_FOLDER, { recursive: true, force: true });
};
