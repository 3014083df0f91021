// Preloaded into the built program (`node --require`): ends it by SIGKILL before a given step, so that a kill can be repeated.
// A step is a call that may leave something behind: an SQL statement, or a change of a file. They are counted by thread.
// Time-outs go by the machine's clock, and the test's next process must not wait for the leases of a dead one: its clock can
// be set ahead.
const fs = require('node:fs');
const promises = require('node:fs/promises');
const { isMainThread } = require('node:worker_threads');
const Database = require('better-sqlite3');

const thread = isMainThread ? 'main' : 'worker';
const { TEST_KILL_AT: killAt = '', TEST_STEPS_FILE: stepsFile, TEST_CLOCK_AHEAD_MS: aheadMs } = process.env;
const [fatalThread, fatalStep, from] = killAt.split(' ');
const fatal = fatalThread === thread ? Number(fatalStep) : 0;
const { appendFileSync } = fs;

let steps = 0;
let firstStep = from === 'start' ? 0 : Infinity;
function step() {
  steps += 1;
  if (fatal > 0 && steps - firstStep === fatal) process.kill(process.pid, 'SIGKILL');
}
// A signal that the product has no use for: from now on steps count.
if (from === 'signal' && isMainThread) process.on('SIGCONT', () => (firstStep = steps));

const readMs = Date.now;
if (aheadMs !== undefined) Date.now = () => readMs() + Number(aheadMs);

/** Before each call, and after a commit as well: what is committed and not yet answered is a place of its own. */
function countCalls(target, names, isCommit) {
  for (const name of names) {
    const own = target[name];
    target[name] = function counted(...args) {
      step();
      const result = own.apply(this, args);
      if (isCommit?.(this, args)) step();
      return result;
    };
  }
}

const beginsWithCommit = (text) => /^\s*commit/i.test(text);

const probe = new Database(':memory:');
const Statement = Object.getPrototypeOf(probe.prepare('select 1'));
probe.close();
countCalls(Statement, ['run', 'get', 'all', 'iterate'], ({ source }) => beginsWithCommit(source));
countCalls(Database.prototype, ['exec'], (_connection, [text]) => beginsWithCommit(text));
countCalls(fs, ['renameSync', 'linkSync', 'fsyncSync', 'writeFileSync', 'copyFileSync', 'rmSync', 'mkdirSync']);
countCalls(promises, ['rename', 'link', 'writeFile', 'copyFile', 'rm', 'unlink', 'mkdir']);

if (stepsFile !== undefined) process.on('exit', () => appendFileSync(stepsFile, `${thread} ${steps}\n`));
