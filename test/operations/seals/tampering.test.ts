// Random tamperings with a sealed database, each on a copy of its own: all are found. `DEEP=10` makes a thousand.
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { verifyRegisters } from '../../../src/operations/admin/verify-infobase.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { depth, fileSeed } from '../../deep.ts';
import { openRandom } from './random.ts';
import { targets, tamperAtRandom } from './tampering.ts';
import { closeDay, openFile, openSealTrial, tamper, tradeDay, verify, type SealTrial } from './testing-seals.ts';

const days = 4;
const tamperings = 100 * depth;

let trial: SealTrial;
let base: string;
let digests: string[] = [];

beforeAll(async () => {
  trial = await openSealTrial();
  digests = [];
  for (let day = 0; day < days; day += 1) {
    if (day > 0) await tradeDay(trial.infobase, day);
    const end = await closeDay(trial.infobase, day);
    if (end.code !== 'sealed') throw new Error(JSON.stringify(end));
    digests.push(end.seal.digest);
    if (day === 1) keep('older.sqlite');
  }
  base = keep('base.sqlite');
});
afterAll(() => trial.end());

function keep(name: string): string {
  const file = join(trial.folder, name);
  tamper(trial.file, (database) => database.exec(`vacuum into '${file}'`));
  return file;
}

async function isFound(file: string, against?: string): Promise<boolean> {
  let infobase: Infobase;
  try {
    infobase = await openFile(file);
  } catch (reason) {
    // A setting that no version writes: nobody can open it.
    expect((reason as Error).message).toContain('cannot be opened');
    return true;
  }
  try {
    const { found } = await verify(infobase, against);
    if (found > 0) return true;
    return (await verifyRegisters(infobase)).some(({ difference }) => difference !== null);
  } finally {
    await infobase.close();
  }
}

test('every table that is tampered with has rows', () => {
  const empty = tamper(base, (database) =>
    targets.filter(({ table }) => database.prepare(`select 1 from ${table}`).get() === undefined),
  );
  expect(empty).toEqual([]);
});

test('nothing is found in the database as it is', async () => {
  expect(await isFound(base, digests.at(-1))).toBe(false);
});

test(`${tamperings} tamperings are all found`, async () => {
  const random = openRandom(fileSeed);
  const missed: string[] = [];
  for (let run = 0; run < tamperings; run += 1) {
    const file = join(trial.folder, `run-${run}.sqlite`);
    copyFileSync(base, file);
    const what = tamper(file, (database) => tamperAtRandom(database, random));
    if (!(await isFound(file))) missed.push(what);
    for (const ending of ['', '-wal', '-shm', '-open']) rmSync(file + ending, { force: true });
  }
  expect(missed).toEqual([]);
});

test.each([0, -1, -301_714])('a seal put in as number %d is found, and no other is reported for it', async (id) => {
  const file = keep('below.sqlite');
  tamper(file, (database) =>
    database.exec(
      `insert into seal select ${id}, business_on || '-0', sealed_at, form, units, changed, previous, digest from seal where id = 1`,
    ),
  );
  const infobase = await openFile(file);
  const { differences } = await verify(infobase);
  expect(differences.map(({ sort, what }) => [sort, what])).toEqual([['seal_changed', String(id)]]);
  await infobase.close();
  for (const ending of ['', '-wal', '-shm', '-open']) rmSync(file + ending, { force: true });
});

test('a file that is older, or another one, is found by the digest that was kept', async () => {
  const older = join(trial.folder, 'older.sqlite');
  expect(await isFound(older)).toBe(false);
  expect(await isFound(older, digests.at(-1))).toBe(true);
  expect(await isFound(older, digests[1])).toBe(false);
});
