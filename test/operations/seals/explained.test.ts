// What people do beside the tills leaves its trace, so that no seal differs; and a trace excuses what it names, nothing else.
import { addDays } from '../../../src/ledger/local-date-time.ts';
import { makeDemoCards } from '../../../src/operations/catalogs/make-demo-cards.ts';
import { editCards } from '../../../src/operations/cards/edit-cards.ts';
import { verifySeals } from '../../../src/operations/seals/verify-seals.ts';
import { importNumber, reverse } from '../opening/testing-import.ts';
import { moment } from '../testing-infobase.ts';
import { closeDay, firstDay, openSealTrial, tamper, tradeDay, verify, type SealTrial } from './testing-seals.ts';

let trial: SealTrial;
beforeEach(async () => {
  trial = await openSealTrial();
  for (let day = 0; day < 3; day += 1) {
    if (day > 0) await tradeDay(trial.infobase, day);
    expect((await closeDay(trial.infobase, day)).code).toBe('sealed');
  }
});
afterEach(() => trial.end());

const inOrder = { differences: [], found: 0 };
const now = moment(`${addDays(firstDay, 3)}T12:00:00`);

test('an import that is sealed and taken back makes no difference, before and after the next seal', async () => {
  const { infobase } = trial;
  const sheet = [
    ['card', 'bonus', 'accumulation', 'receipts'],
    ['290000001', '5', '100.50', '2'],
    ['290000002', '7.25', '', '1'],
  ];
  const number = await importNumber(infobase, now, 'opening-balance', sheet);
  expect(await verify(infobase)).toMatchObject(inOrder);
  expect((await closeDay(infobase, 3)).code).toBe('sealed');
  const later = moment(`${addDays(firstDay, 4)}T12:00:00`);
  expect(await reverse(infobase, later, number)).toMatchObject({ ok: true });
  expect(await verify(infobase)).toMatchObject(inOrder);
  expect((await closeDay(infobase, 4)).code).toBe('sealed');
  expect(await verify(infobase)).toMatchObject({ seals: 5, ...inOrder });
});

test('the cards of a demo leave their trace as those of everybody else', async () => {
  await makeDemoCards(trial.infobase);
  expect(await verify(trial.infobase)).toMatchObject(inOrder);
  expect((await closeDay(trial.infobase, 3)).code).toBe('sealed');
  expect(await verify(trial.infobase)).toMatchObject({ seals: 4, ...inOrder });
});

test('an edit of one card excuses no other card; the next seal does not take that one', async () => {
  const { infobase, file } = trial;
  expect(await editCards(infobase, { where: ['number=290000001'], set: ['note=по просьбе'] })).toMatchObject({
    ok: true,
  });
  expect(await verify(infobase)).toMatchObject(inOrder);
  tamper(file, (database) => database.exec("update card set holder = 'Другой' where number = '290000003'"));
  const found = { found: 1, differences: [{ sort: 'changed', what: 'card 3' }] };
  expect(await verify(infobase)).toMatchObject(found);
  expect((await closeDay(infobase, 3)).code).toBe('sealed');
  expect(await verify(infobase)).toMatchObject(found);
});

test('an entry that nobody can read explains nothing', async () => {
  tamper(trial.file, (database) => {
    database.exec(`insert into change_log (recorded_at, actor, door, subject, key, after)
      values ('2026-01-04T12:00:00', 'x', 'cli', 'cards', 'все', '{"set')`);
    database.exec("update card set holder = 'Другой' where number = '290000003'");
  });
  expect(await verify(trial.infobase)).toMatchObject({ found: 1, differences: [{ what: 'card 3' }] });
});

const lastOf = (day: number) => `(select max(id) from document where recorded_at like '${addDays(firstDay, day)}%')`;

describe('from a day on', () => {
  const from = addDays(firstDay, 2);
  const verifyFrom = async (on = from) => {
    await new Promise((resolve) => void setImmediate(resolve));
    return verifySeals(trial.infobase, { limit: 1000, from: on });
  };

  test('what the seal before covers is trusted, and what comes after it is not', async () => {
    expect(await verifyFrom()).toMatchObject({ seals: 3, trusted: { businessOn: addDays(firstDay, 1) }, ...inOrder });
    tamper(trial.file, (database) => database.exec(`update document set comment = 'x' where id = ${lastOf(0)}`));
    expect(await verifyFrom()).toMatchObject(inOrder);
    expect(await verifyFrom(firstDay)).toMatchObject({ trusted: null, found: 1 });
    tamper(trial.file, (database) => database.exec(`update document set comment = 'x' where id = ${lastOf(2)}`));
    expect(await verifyFrom()).toMatchObject({ found: 1, differences: [{ businessOn: from, sort: 'changed' }] });
    tamper(trial.file, (database) => database.exec(`delete from document where id = ${lastOf(2)}`));
    expect((await verifyFrom()).differences[0]).toMatchObject({ businessOn: from, sort: 'missing' });
  });

  test('the seals from it on are checked as a chain, with the numbers of the one before', async () => {
    tamper(trial.file, (database) =>
      database.exec("update seal_part set keys = '{}' where seal_id = 2 and source = ''"),
    );
    expect((await verifyFrom()).differences).toContainEqual(
      expect.objectContaining({ sort: 'seal_changed', what: '2' }),
    );
    tamper(trial.file, (database) => {
      database.exec('drop trigger seal_no_delete');
      database.exec('delete from seal where id = 3');
    });
    expect((await verifyFrom()).differences).toContainEqual(
      expect.objectContaining({ sort: 'seal_missing', what: '3' }),
    );
  });
});
