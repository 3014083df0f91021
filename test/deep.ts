// How deep the random searches go, and from where. A commit runs each at its usual depth; `DEEP=n` runs n times as many.
// All searches of a file start from one seed, printed when the file loads: `SEED=n` runs the file again from it.
import { relative } from 'node:path';

/** How many times the usual number of runs. */
export const depth = readWhole('DEEP', 1);

export const fileSeed = readWhole('SEED', Math.floor(Math.random() * 2 ** 31));

// A deep search on a busy machine takes its time.
if (depth > 1) jest.setTimeout(300_000 * depth);

// Past Jest's console, which makes six lines of one.
const file = relative(process.cwd(), expect.getState().testPath ?? '');
process.stdout.write(`${file}: SEED=${fileSeed}${depth === 1 ? '' : ` DEEP=${depth}`}\n`);

function readWhole(name: string, usual: number): number {
  const text = process.env[name];
  if (text === undefined) return usual;
  if (!/^\d{1,10}$/.test(text)) throw new Error(`${name}: expected a whole number, got "${text}"`);
  return Number(text);
}
