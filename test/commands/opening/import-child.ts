// A process that imports and tells the step it has come to; the test kills it there.
import { writeSync } from 'node:fs';
import { runCli } from '../../../src/cli.ts';

const [step = '', ...args] = process.argv.slice(2);
let isTold = false;

void runCli(args, {
  out: () => undefined,
  err: (line) => void process.stderr.write(`${line}\n`),
  readStdin: () => Promise.resolve(''),
  isTerminal: false,
  environment: { DATA_DIR: process.env.KKM_DATA_DIR ?? '' },
  showProgress: (text) => {
    if (isTold || !text.endsWith(step)) return;
    isTold = true;
    writeSync(1, `${text}\n`);
  },
});
