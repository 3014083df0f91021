// How many statements a receipt takes. Each is a call into the database on the one thread that all tills share; a read that
// comes twice is work done for nothing, and shows here first.
import type { Trx } from '../../../src/db/db.ts';
import type { Parameters, Statement } from '../../../src/db/statement.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { day, openBilling } from '../billing/testing-billing.ts';
import {
  addCard,
  addKind,
  buildCancel,
  buildReturn,
  buildSale,
  cancel,
  openTestInfobase,
  register,
  testKind,
  upload,
} from '../testing-infobase.ts';

/** The statements of the writes since it was emptied last. */
const ran: string[] = [];

/** Notes each statement that it is asked to run. */
function watchTrx(trx: Trx): Trx {
  return new Proxy(trx, {
    get(target, name: keyof Trx) {
      return (asked: Statement<Parameters, unknown>, parameters: Parameters) => {
        ran.push(asked.compile('better-sqlite3').sql);
        return (target[name] as (...given: unknown[]) => unknown).call(target, asked, parameters);
      };
    },
  });
}

function watch(infobase: Infobase): Infobase {
  const write = infobase.db.write.bind(infobase.db);
  jest.spyOn(infobase.db, 'write').mockImplementation((work) => write((trx) => work(watchTrx(trx))));
  return infobase;
}

/** How many statements the work takes, and how many of them are the same as one before. */
async function count(work: Promise<unknown>): Promise<{ readonly all: number; readonly same: number }> {
  ran.length = 0;
  await work;
  return { all: ran.length, same: ran.length - new Set(ran).size };
}

const first = buildSale({ receiptNumber: 1, operationId: 'first' });
const sale = buildSale({ receiptNumber: 2, operationId: 'second', bonusAccruedKopecks: 500 });

/** An infobase whose settings have been read: the first call after their change reads them. */
async function prepare(infobase: Infobase): Promise<Infobase> {
  await register(watch(infobase), first);
  return infobase;
}

/** A correct count, to be lowered: what a call takes more than before is to be explained here. */
describe.each([
  { stage: 'online', limits: { sale: 7, return: 10, repeat: 4, cancel: 13 } },
  { stage: 'billing', limits: { sale: 18, return: 22, repeat: 5, cancel: 32 } },
])('in stage $stage', ({ stage, limits }) => {
  const rules = { bonus: 'days:30', accumulation: 'days:60' };
  let infobase: Infobase;
  beforeEach(async () => {
    const kinds = { [testKind.code]: rules };
    infobase = stage === 'billing' ? await openBilling({ start: day('2026-11-01'), kinds }) : await openTestInfobase();
    if (stage === 'online') await addKind(infobase);
    await addCard(infobase);
    await prepare(infobase);
  });
  afterEach(() => infobase.close());

  test('a sale: no statement comes twice but those of its two rows of accruals', async () => {
    const same = stage === 'billing' ? 2 : 0;
    expect(await count(register(infobase, sale))).toEqual({ all: limits.sale, same });
  });

  test('its repeat', async () => {
    await register(infobase, sale);
    expect(await count(register(infobase, sale))).toEqual({ all: limits.repeat, same: 0 });
  });

  test('a return; what its sale has posted and how it is counted is looked up alone', async () => {
    await register(infobase, sale);
    expect((await count(register(infobase, buildReturn(sale)))).all).toBe(limits.return);
  });

  test('a cancel', async () => {
    await register(infobase, sale);
    expect((await count(cancel(infobase, buildCancel(sale)))).all).toBe(limits.cancel);
  });

  test('an upload of a hundred sales takes what each of them takes', async () => {
    const many = Array.from({ length: 100 }, (_, index) => buildSale({ receiptNumber: 1_000 + index }));
    const { all } = await count(upload(infobase, many));
    expect(all).toBeLessThan(100 * (limits.sale + 2));
  });
});
