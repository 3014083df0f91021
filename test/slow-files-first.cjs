// The order of the test files. Jest knows which of them are slow from the run before, and in a fresh clone there is none: a
// slow one that came last would keep one core busy and leave the other idle.
const { default: TestSequencer } = require('@jest/test-sequencer');

/** Those of more than five seconds, the slowest first. */
const slow = [
  'console/browser/pages',
  'http/ready',
  'commands/service/serve-start',
  'commands/service/serve-log',
  'json/codes',
  'operations/receipts/property',
  'operations/billing/permutations',
  'commands/opening/import',
  'line-output',
  'console/browser/visits',
  'soap/hostile',
  'soap/http',
  'json/openapi',
  'crash/trouble',
  'crash/serving',
  'operations/admin/first-users',
  'json/reports',
].map((name) => `/test/${name}.test.ts`);

function placeOf({ path }) {
  const place = slow.findIndex((file) => path.replaceAll('\\', '/').endsWith(file));
  return place === -1 ? slow.length : place;
}

class SlowFilesFirst extends TestSequencer {
  sort(tests) {
    // oxlint-disable-next-line no-array-sort -- the sequencer's own, which takes tests
    const sorted = super.sort(tests);
    return sorted.toSorted((one, other) => placeOf(one) - placeOf(other));
  }
}

module.exports = SlowFilesFirst;
