// An import as the operation does it: several on one connection, and what has changed while the file was read.
import type { TableRow } from '../../../src/tables/table-row.ts';
import { importOpening } from '../../../src/operations/opening/import-opening.ts';
import type { ImportOpeningRequest } from '../../../src/operations/opening/opening-request.ts';
import { insertCard, findCard, updateCard } from '../../../src/db/cards/card.ts';
import { listImportRuns } from '../../../src/db/opening/import-run.ts';
import { addRuledKind, day, openBilling, passNight } from '../billing/testing-billing.ts';
import { addCard, getBalance, moment, openTestInfobase, testCard } from '../testing-infobase.ts';

const now = moment('2026-11-03T12:00:00');
const watch = { onMistakes: () => Promise.resolve(), onProgress: () => undefined };

function buildRequest(request: Partial<ImportOpeningRequest> = {}): ImportOpeningRequest {
  return {
    kind: 'opening-accumulation',
    file: { name: 'opening.csv', sha256: 'a' },
    datedOn: day('2026-11-03'),
    mayCreate: false,
    kindCode: null,
    columns: { mapping: {}, ignoredColumns: [], hasSerialDates: false },
    expected: {},
    isForced: false,
    mayAdd: false,
    mayLeaveOut: false,
    isDryRun: false,
    madeBy: 'test',
    ...request,
  };
}

async function* give(
  rows: readonly (readonly string[])[],
  between?: () => Promise<void>,
): AsyncGenerator<readonly TableRow[]> {
  yield rows.map((cells, index) => ({ line: index + 1, cells }));
  await between?.();
}

const rows = [
  ['card', 'bonus'],
  [testCard.number, '5'],
];

test('one import after another on the same connection, refused ones and dry runs between', async () => {
  const infobase = await openTestInfobase();
  await addCard(infobase);
  const run = (request: Partial<ImportOpeningRequest>, given = rows) =>
    importOpening(infobase, now, buildRequest(request), give(given), watch);
  expect(await run({ isDryRun: true })).toMatchObject({ ok: true, documentId: null });
  expect(await run({ expected: { rows: 2 } })).toMatchObject({ ok: false });
  expect(await run({}, [['x']])).toMatchObject({ ok: false, why: 'the columns of the file cannot be read' });
  expect(await run({})).toMatchObject({ ok: true, documentId: 1 });
  expect(await run({})).toMatchObject({ ok: false, why: expect.stringContaining('the same file') });
  const other = { name: 'b', sha256: 'b' };
  expect(await run({ file: other })).toMatchObject({ ok: false, field: 'mayAdd' });
  expect(await run({ file: other, mayAdd: true })).toMatchObject({ ok: true, number: 2, documentId: 2 });
  expect(await getBalance(infobase)).toMatchObject({ bonus: 1_000 });
  await infobase.close();
});

test('a night that comes while the file is read refuses it', async () => {
  const infobase = await openBilling({ start: day('2026-11-03') });
  await addCard(infobase);
  const request = buildRequest({ kind: 'opening-balance' });
  const between = (): Promise<void> => passNight(infobase, day('2026-11-03'));
  const outcome = await importOpening(infobase, now, request, give(rows, between), watch);
  expect(outcome).toMatchObject({ ok: false, why: expect.stringContaining('a night was run') });
  expect(await importOpening(infobase, now, request, give(rows), watch)).toMatchObject({ ok: true });
  await infobase.close();
});

test.each(['made', 'given another kind'])(
  'a card %s while the file was read refuses it, and all of it',
  async (change) => {
    const infobase = await openBilling({ start: day('2026-11-03') });
    await addRuledKind(infobase, 'LONG', { bonus: 'days:20' });
    await addRuledKind(infobase, 'SHORT', { bonus: 'days:5' });
    const known = { ...testCard, number: '2911', kindCode: 'LONG' };
    await infobase.db.write((trx) => insertCard(trx, known));
    const given = give([['card', 'bonus'], ...['2911', '2922', '2933'].map((number) => [number, '5'])]);
    const request = buildRequest({ kind: 'opening-balance', mayCreate: true, kindCode: 'LONG' });
    let changed: Promise<void> | undefined;
    // Asked for when all is judged: it stands in the queue before the document.
    const onProgress = ({ step }: { readonly step: string }): void => {
      if (step !== 'posting') return;
      changed = infobase.db.write(async (trx) => {
        if (change === 'made') return insertCard(trx, { ...known, number: '2922', kindCode: 'SHORT' });
        const card = await findCard(trx, known.number);
        if (card !== undefined) await updateCard(trx, { ...card, kindCode: 'SHORT' });
      });
    };
    const outcome = await importOpening(infobase, now, request, given, { ...watch, onProgress });
    await changed;
    expect(outcome).toMatchObject({ ok: false, why: expect.stringContaining('made or given another kind') });
    expect(await infobase.db.read(listImportRuns)).toEqual([]);
    expect(await infobase.db.read((trx) => findCard(trx, '2933'))).toBeUndefined();
    const again = give([['card', 'bonus'], ...['2911', '2922', '2933'].map((number) => [number, '5'])]);
    const created = change === 'made' ? 1 : 2;
    expect(await importOpening(infobase, now, request, again, watch)).toMatchObject({ ok: true, totals: { created } });
    expect(await infobase.db.read(listImportRuns)).toMatchObject([{ cards: 3, created }]);
    await infobase.close();
  },
);
