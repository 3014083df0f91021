// A rehearsal leaves nothing: neither in the database, nor in what the process keeps in mind of it.
import { saveSetting } from '../../src/db/admin/setting.ts';
import type { Infobase } from '../../src/operations/infobase.ts';
import { rehearse, writeOrRehearse } from '../../src/operations/rehearse.ts';
import { addCard, openTestInfobase, showCard } from './testing-infobase.ts';

let infobase: Infobase;
beforeEach(async () => {
  infobase = await openTestInfobase();
  await addCard(infobase);
});
afterEach(() => infobase.close());

const stageOf = (): Promise<string> => infobase.db.read(async (trx) => (await infobase.loadSettings(trx)).stage);

test('what it read of its own writes is forgotten with them, also where the same revision comes again', async () => {
  const seen = await rehearse(infobase, async (trx) => {
    await saveSetting(trx, 'stage', 'cards');
    return (await infobase.loadSettings(trx)).stage;
  });
  // Another change raises the revision to the number that the rehearsal had raised it to.
  await infobase.db.write((trx) => saveSetting(trx, 'lineEnds', 'lf'));
  expect([seen, await stageOf(), (await showCard(infobase)).code]).toEqual(['cards', 'online', 0]);
});

test('what its work throws is thrown, and the next write is not touched', async () => {
  const broken = rehearse(infobase, async (trx) => {
    await saveSetting(trx, 'stage', 'cards');
    throw new Error('broken off');
  });
  await expect(broken).rejects.toThrow('broken off');
  expect(await writeOrRehearse(infobase, false, (trx) => saveSetting(trx, 'stage', 'cards'))).toBeUndefined();
  expect(await stageOf()).toBe('cards');
  await writeOrRehearse(infobase, true, (trx) => saveSetting(trx, 'stage', 'online'));
  expect(await stageOf()).toBe('cards');
});
