// How deep the random searches go, and from where. `DEEP=1` is ten times the usual number of runs, another number is that
// many times; `SEED=n` runs a test again from the seed that it told.

export const depth = process.env['DEEP'] === undefined ? 1 : Math.max(10, Number(process.env['DEEP']) || 0);

// A deep search on a busy machine takes its time.
if (depth > 1) jest.setTimeout(120_000 * depth);

export function tellSeed(name: string): number {
  const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`${name}: SEED=${seed}${depth === 1 ? '' : ` DEEP=${depth}`}`);
  return seed;
}
