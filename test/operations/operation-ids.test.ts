// Every answer that has an OperationId has the one given, or the one made from the natural key, refusals too: a till
// finds its call by it.
import { enterExclusiveMode } from '../../src/db/admin/exclusive-mode.ts';
import { resultCodes } from '../../src/ledger/result.ts';
import { cancelReceipt } from '../../src/operations/receipts/cancel-receipt.ts';
import {
  cancelCertificate,
  redeemCertificate,
  sellCertificate,
} from '../../src/operations/certificates/certificates.ts';
import type { Infobase } from '../../src/operations/infobase.ts';
import { registerReceipt } from '../../src/operations/receipts/register-receipt.ts';
import { releaseBonus, reserveBonus } from '../../src/operations/receipts/reserve-bonus.ts';
import { uploadReceipts } from '../../src/operations/receipts/upload-receipts.ts';
import { openBilling } from './billing/testing-billing.ts';
import {
  addCard,
  buildCancel,
  buildReserve,
  buildSale,
  noon,
  openTestInfobase,
  read,
  setSetting,
} from './testing-infobase.ts';

const { moduleOff, noSubscription, exclusiveMode, badArgument } = resultCodes;

const sale = buildSale({ bonusAccruedKopecks: 100 });
const certificateCall = {
  operationId: null as string | null,
  kkm: sale.kkm,
  shiftNumber: 1,
  receiptNumber: 1,
  receiptAt: noon,
  certificateNumber: 'G1',
  amountKopecks: 100,
};
const given = 'given-0001';
const trouble = { field: 'kkm', expected: 'непустой текст' };

interface Answer {
  readonly code: number;
  readonly operationId: string;
}

type Make = (fields: object) => unknown;
type Ask = (infobase: Infobase, request: never) => Promise<Answer>;

/** Each call that carries an id: how its request is made and sent. */
const calls: Readonly<Record<string, readonly [make: Make, ask: Ask]>> = {
  ReserveBonus: [
    (fields) => buildReserve({ ...sale, ...fields }, { amountKopecks: 1 }),
    (infobase, request) => reserveBonus(infobase, noon, request),
  ],
  ReleaseBonus: [
    (fields) => buildReserve({ ...sale, ...fields }, { amountKopecks: 1 }),
    (infobase, request) => releaseBonus(infobase, noon, request),
  ],
  RegisterReceipt: [
    (fields) => ({ ...sale, ...fields }),
    (infobase, request) => registerReceipt(infobase, noon, request),
  ],
  CancelReceipt: [(fields) => buildCancel(sale, fields), (infobase, request) => cancelReceipt(infobase, noon, request)],
  SellCertificate: [
    (fields) => ({ ...certificateCall, ...fields }),
    (infobase, request) => sellCertificate(infobase, noon, request),
  ],
  RedeemCertificate: [
    (fields) => ({ ...certificateCall, ...fields }),
    (infobase, request) => redeemCertificate(infobase, noon, request),
  ],
  CancelCertificate: [
    (fields) => ({ ...certificateCall, ...fields }),
    (infobase, request) => cancelCertificate(infobase, noon, request),
  ],
};

/** Nothing is there that the calls ask of: each is done or refused, and has its id all the same. */
const openShop = (): Promise<Infobase> => openBilling();

/** An infobase whose every answer is that code. */
async function openRefusing(code: number): Promise<Infobase> {
  if (code === noSubscription) return openBilling({ hasSubscription: false });
  if (code === moduleOff) {
    const infobase = await openTestInfobase();
    await setSetting(infobase, 'stage', 'cards');
    return infobase;
  }
  const infobase = await openBilling();
  await infobase.db.write((trx) => enterExclusiveMode(trx, { purpose: 'enabling', sinceAt: noon }));
  return infobase;
}

describe.each(Object.entries(calls))('%s', (_, [make, ask]) => {
  const askIn = async (open: () => Promise<Infobase>, request: unknown): Promise<Answer> => {
    const infobase = await open();
    try {
      return await ask(infobase, request as never);
    } finally {
      await infobase.close();
    }
  };

  test('the id is the same, whatever the answer is', async () => {
    const made = (await askIn(openShop, read(make({})))).operationId;
    expect(made).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    for (const code of [moduleOff, noSubscription, exclusiveMode]) {
      expect(await askIn(() => openRefusing(code), read(make({})))).toMatchObject({ code, operationId: made });
      const own = await askIn(() => openRefusing(code), read(make({ operationId: given })));
      expect(own).toMatchObject({ code, operationId: given });
    }
    // A bad value that is not of the key: the key says the same.
    const bad = await askIn(openShop, { ok: false, trouble, partial: make({}) });
    expect(bad).toMatchObject({ code: badArgument, operationId: made });
  });

  test('where the key cannot be read whole, it is made from what could be read', async () => {
    const { receiptAt: _at, ...partial } = make({}) as Record<string, unknown>;
    const bad = await askIn(openShop, { ok: false, trouble, partial });
    expect(bad).toMatchObject({ code: badArgument, operationId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string });
    const nothing = await askIn(openShop, { ok: false, trouble, partial: {} });
    expect(nothing).toMatchObject({
      code: badArgument,
      operationId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    });
    expect(nothing.operationId).not.toBe(bad.operationId);
    const own = await askIn(openShop, { ok: false, trouble, partial: { operationId: given } });
    expect(own).toMatchObject({ code: badArgument, operationId: given });
  });
});

test('each result of an upload has its id, in the order of the receipts', async () => {
  const infobase = await openTestInfobase();
  try {
    await addCard(infobase);
    const second = buildSale({ receiptNumber: 2 });
    const own = buildSale({ receiptNumber: 3, operationId: given });
    const lost = { ok: false, trouble, partial: second } as const;
    const askEach = async (receipt: typeof sale) => (await registerReceipt(infobase, noon, read(receipt))).operationId;
    const upload = { kkm: sale.kkm, receipts: [read(sale), lost, read(own)] };
    const { results } = await uploadReceipts(infobase, noon, read(upload));
    expect(results.map(({ code }) => code)).toEqual([0, badArgument, 0]);
    expect(results.map(({ operationId }) => operationId)).toEqual([await askEach(sale), await askEach(second), given]);
  } finally {
    await infobase.close();
  }
});
