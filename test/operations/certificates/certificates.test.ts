// Gift certificates: sold, spent in parts, undone, run out by the night; a repeat moves nothing, 64 tills spend no more
// than there is, and a random mixture of all of it agrees with a small model.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { findDifferenceOf } from '../../../src/db/admin/integrity.ts';
import { describeCertificateObstacle } from '../../../src/ledger/certificate-obstacle.ts';
import { addDays, formatDateForPeople, startOf, type LocalDateTime } from '../../../src/ledger/local-date-time.ts';
import { resultCodes } from '../../../src/ledger/result.ts';
import {
  issueCertificates,
  saveKind,
  showCertificate,
} from '../../../src/operations/certificates/certificate-catalog.ts';
import {
  cancelCertificate,
  redeemCertificate,
  sellCertificate,
} from '../../../src/operations/certificates/certificates.ts';
import { getCertificateInfo } from '../../../src/operations/certificates/read-certificate.ts';
import type {
  CertificateCall,
  CertificateReply,
} from '../../../src/operations/certificates/handle-certificate-call.ts';
import { confirmations, disableBilling } from '../../../src/operations/enabling/disable-billing.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { saveSetting } from '../../../src/operations/admin/save-setting.ts';
import { depth, fileSeed } from '../../deep.ts';
import { expectSame } from '../../expect-same.ts';
import { billingStart, openBilling, passNightsTo } from '../billing/testing-billing.ts';
import { moment, openTestInfobase, read, setSetting } from '../testing-infobase.ts';
import { backUp } from '../testing-backup.ts';

const { done, certificateState, otherContent, alreadyCancelled, moduleOff, badArgument } = resultCodes;
const now = moment(`${billingStart}T12:00:00`);

const opened: Infobase[] = [];
afterEach(async () => {
  for (const infobase of opened.splice(0)) await infobase.close();
});

async function openShop(nominal: number | null = 1_000): Promise<Infobase> {
  const infobase = await openBilling();
  opened.push(infobase);
  await issue(infobase, nominal, 9);
  return infobase;
}

async function issue(infobase: Infobase, nominal: number | null, to: number, life = 'days:5'): Promise<void> {
  expect(await saveKind(infobase, now, { code: 'K', name: 'Подарочный', nominal, life })).toEqual({
    ok: true,
    isNew: true,
  });
  const range = { kindCode: 'K', prefix: 'G', from: '1', to: String(to), width: undefined };
  expect(await issueCertificates(infobase, range)).toMatchObject({ ok: true, created: to, skipped: 0 });
}

const build = (
  amountKopecks: number,
  receiptNumber: number,
  fields: Partial<CertificateCall> = {},
): CertificateCall => ({
  operationId: null,
  kkm: 'K-1',
  shiftNumber: 1,
  receiptNumber,
  receiptAt: now,
  certificateNumber: 'G1',
  amountKopecks,
  ...fields,
});
const sell = (infobase: Infobase, call: CertificateCall): Promise<CertificateReply> =>
  sellCertificate(infobase, now, read(call));
const redeem = (infobase: Infobase, call: CertificateCall): Promise<CertificateReply> =>
  redeemCertificate(infobase, now, read(call));
const cancel = (infobase: Infobase, call: CertificateCall): Promise<CertificateReply> =>
  cancelCertificate(infobase, now, read(call));
const balanceOf = async (infobase: Infobase, number = 'G1'): Promise<number> =>
  (await showCertificate(infobase, number))?.certificate.balance ?? -1;
const askIn = (infobase: Infobase) => getCertificateInfo(infobase, read({ kkm: 'K-1', certificateNumber: 'G1' }));
/** Of the kind F, in a receipt so many days after the start. */
const onDay = (days: number, number: string, receiptNumber: number): CertificateCall =>
  build(500, receiptNumber, {
    certificateNumber: number,
    receiptAt: `${addDays(billingStart, days)}T10:00:00` as LocalDateTime,
  });

test('outside stage billing certificates are closed', async () => {
  const infobase = await openTestInfobase();
  opened.push(infobase);
  await issue(infobase, null, 1);
  expect((await sell(infobase, build(1, 1))).code).toBe(moduleOff);
  expect((await getCertificateInfo(infobase, read({ kkm: 'K-1', certificateNumber: 'G1' }))).code).toBe(moduleOff);
});

test('is sold, spent in parts and told of; a repeat is answered word for word and moves nothing', async () => {
  const infobase = await openShop();
  expect((await redeem(infobase, build(1, 1))).code).toBe(certificateState);
  expect((await sell(infobase, build(999, 1))).code).toBe(badArgument);
  const sold = await sell(infobase, build(1_000, 1));
  expect(sold).toMatchObject({ code: done, duplicate: false, status: 'issued', balance: 1_000 });
  expect(await sell(infobase, build(1_000, 1))).toEqual({ ...sold, duplicate: true });
  expect((await sell(infobase, build(1_000, 2))).code).toBe(certificateState);
  const part = await redeem(infobase, build(400, 3));
  expect(part).toMatchObject({ code: done, status: 'pre_redeemed', balance: 600 });
  expect((await redeem(infobase, build(601, 4))).code).toBe(certificateState);
  expect(await redeem(infobase, build(600, 4))).toMatchObject({ status: 'redeemed', balance: 0 });
  expect(await redeem(infobase, build(400, 3))).toEqual({ ...part, duplicate: true });
  expect(await redeem(infobase, build(401, 3))).toMatchObject({
    code: otherContent,
    trouble: { field: 'amountKopecks' },
  });
  const info = await getCertificateInfo(infobase, read({ kkm: 'K-1', certificateNumber: 'G1' }));
  expect(info).toMatchObject({
    code: done,
    nominal: 1_000,
    balance: 0,
    validTo: `${addDays(billingStart, 4)}T00:00:00`,
  });
  const shown = await showCertificate(infobase, 'G1');
  expect(shown?.movements.map(({ kind, amount, balanceAfter }) => [kind, amount, balanceAfter])).toEqual([
    ['CertificateSale', 1_000, 1_000],
    ['CertificateRedemption', -400, 600],
    ['CertificateRedemption', -600, 0],
  ]);
});

/** The sentence of a refusal by state; the code itself where it is another. */
function sentenceOf({ code, refusal }: Pick<CertificateReply, 'code' | 'refusal'>): string | number {
  return refusal === undefined ? code : describeCertificateObstacle(refusal.obstacle, refusal.act);
}

test('13 says which state forbids it, and what to do', async () => {
  const infobase = await openShop(100_000);
  const unknown = 'Сертификат не найден: проверьте номер сертификата.';
  const none = { certificateNumber: 'NONE' };
  const info = await getCertificateInfo(infobase, read({ kkm: 'K-1', ...none }));
  expect(
    [info, await sell(infobase, build(1, 1, none)), await redeem(infobase, build(1, 1, none))].map(sentenceOf),
  ).toEqual([unknown, unknown, unknown]);
  expect(sentenceOf(await cancel(infobase, build(1, 1, none)))).toBe(unknown);
  expect(sentenceOf(await redeem(infobase, build(1, 1)))).toBe(
    'Сертификат ещё не продан, его цена 1000: сначала пробейте его продажу или примите другую оплату.',
  );
  await sell(infobase, build(100_000, 1));
  expect(sentenceOf(await sell(infobase, build(100_000, 2)))).toBe(
    'Сертификат уже продан: возьмите другой сертификат.',
  );
  await redeem(infobase, build(40_000, 3));
  expect(sentenceOf(await redeem(infobase, build(60_001, 4)))).toBe(
    'На сертификате осталось 600: уменьшите сумму оплаты сертификатом.',
  );
  expect(sentenceOf(await cancel(infobase, build(100_000, 1)))).toBe(
    'Сертификатом уже оплачивали: сначала отмените оплату, затем продажу.',
  );
  await redeem(infobase, build(60_000, 5));
  expect(sentenceOf(await redeem(infobase, build(1, 6)))).toBe(
    'Сертификат использован полностью: примите другую оплату.',
  );
  await sell(infobase, build(100_000, 7, { certificateNumber: 'G2' }));
  await cancel(infobase, build(100_000, 7, { certificateNumber: 'G2' }));
  expect(sentenceOf(await redeem(infobase, build(1, 8, { certificateNumber: 'G2' })))).toBe(
    'Сертификат аннулирован: примите другую оплату.',
  );
  expect(sentenceOf(await sell(infobase, build(100_000, 8, { certificateNumber: 'G2' })))).toBe(
    'Сертификат аннулирован: возьмите другой сертификат.',
  );
});

test('13 of one that has run out names its last day, before and after the night', async () => {
  const infobase = await openShop(100_000);
  await sell(infobase, build(100_000, 1));
  const late = build(1, 2, { receiptAt: `${addDays(billingStart, 5)}T10:00:00` as LocalDateTime });
  const day = formatDateForPeople(addDays(billingStart, 4));
  const told = `Сертификат действовал по ${day}: примите другую оплату.`;
  expect(sentenceOf(await redeem(infobase, late))).toBe(told);
  await passNightsTo(infobase, addDays(billingStart, 6));
  expect(sentenceOf(await redeem(infobase, late))).toBe(told);
  expect(sentenceOf(await cancel(infobase, build(100_000, 1)))).toBe(
    `Сертификат действовал по ${day}: отменить продажу нельзя.`,
  );
  const end = addDays(billingStart, 2);
  await saveKind(infobase, now, { code: 'F', name: 'К юбилею', life: `fixed_date:${end}`, nominal: 500 });
  await issueCertificates(infobase, { kindCode: 'F', prefix: 'F', from: '1', to: '1', width: undefined });
  expect(sentenceOf(await sell(infobase, onDay(2, 'F1', 3)))).toBe(
    `Сертификаты этого вида действовали по ${formatDateForPeople(addDays(end, -1))}: возьмите другой сертификат.`,
  );
});

test('13 of the second certificate of a receipt that takes one', async () => {
  const infobase = await openShop(100_000);
  await setSetting(infobase, 'certificatesPerReceipt', 'one');
  for (const [index, certificateNumber] of ['G1', 'G2'].entries()) {
    await sell(infobase, build(100_000, index + 1, { certificateNumber }));
  }
  await redeem(infobase, build(10, 3));
  const other = 'В чеке уже принят другой сертификат, а можно только один: примите другую оплату.';
  // A smaller sum would not help; one that is not sold is no use in any receipt.
  for (const amount of [10, 100_001]) {
    expect(sentenceOf(await redeem(infobase, build(amount, 3, { certificateNumber: 'G2' })))).toBe(other);
  }
  expect(sentenceOf(await redeem(infobase, build(10, 3, { certificateNumber: 'G3' })))).toMatch(/ещё не продан/);
});

test('a cancel gives back what was taken, also what burned; before its call it bars it', async () => {
  const infobase = await openShop();
  await setSetting(infobase, 'certificateRest', 'burns');
  await sell(infobase, build(1_000, 1));
  expect(await redeem(infobase, build(300, 2))).toMatchObject({ code: done, status: 'redeemed', balance: 0 });
  expect((await cancel(infobase, build(1_000, 1))).code).toBe(certificateState);
  const undone = await cancel(infobase, build(300, 2));
  expect(undone).toMatchObject({ code: done, status: 'issued', balance: 1_000 });
  expect(await cancel(infobase, build(300, 2))).toEqual({ ...undone, duplicate: true });
  expect((await redeem(infobase, build(300, 2))).code).toBe(alreadyCancelled);
  expect((await cancel(infobase, build(300, 9))).code).toBe(done);
  expect((await redeem(infobase, build(300, 9))).code).toBe(alreadyCancelled);
  expect(await cancel(infobase, build(1_000, 1))).toMatchObject({ code: done, status: 'annulled', balance: 0 });
  expect((await sell(infobase, build(1_000, 7))).code).toBe(certificateState);
});

test('one receipt redeems several certificates, or one, by the setting', async () => {
  const infobase = await openShop();
  for (const [index, certificateNumber] of ['G1', 'G2', 'G3'].entries()) {
    await sell(infobase, build(1_000, index + 1, { certificateNumber }));
  }
  expect((await redeem(infobase, build(10, 8, { certificateNumber: 'G1' }))).code).toBe(done);
  expect((await redeem(infobase, build(10, 8, { certificateNumber: 'G2' }))).code).toBe(done);
  await setSetting(infobase, 'certificatesPerReceipt', 'one');
  expect((await redeem(infobase, build(10, 8, { certificateNumber: 'G3' }))).code).toBe(certificateState);
  expect((await redeem(infobase, build(10, 9, { certificateNumber: 'G3' }))).code).toBe(done);
});

test('the night takes what has run out by one document, once', async () => {
  const infobase = await openShop();
  for (const [index, certificateNumber] of ['G1', 'G2'].entries())
    await sell(infobase, build(1_000, index + 1, { certificateNumber }));
  await redeem(infobase, build(250, 5));
  const lastOn = addDays(billingStart, 4);
  await passNightsTo(infobase, lastOn);
  expect([await balanceOf(infobase, 'G1'), await balanceOf(infobase, 'G2')]).toEqual([750, 1_000]);
  const late = build(1, 6, { receiptAt: `${addDays(lastOn, 1)}T10:00:00` as LocalDateTime });
  expect((await redeem(infobase, late)).code).toBe(certificateState);
  await passNightsTo(infobase, addDays(lastOn, 2));
  const [one, two] = [await showCertificate(infobase, 'G1'), await showCertificate(infobase, 'G2')];
  expect([one?.certificate.state, two?.certificate.state]).toEqual(['annulled', 'annulled']);
  expect([one?.movements.at(-1), two?.movements.at(-1)]).toMatchObject([
    { kind: 'CertificateExpiry', amount: -750, datedAt: `${addDays(lastOn, 1)}T02:00:00` },
    { kind: 'CertificateExpiry', amount: -1_000, documentId: one?.movements.at(-1)?.documentId },
  ]);
});

test('sold, wholly spent and cancelled in one receipt, it is annulled by a document', async () => {
  const infobase = await openShop();
  await sell(infobase, build(1_000, 1));
  await redeem(infobase, build(1_000, 1));
  const undone = await cancel(infobase, build(1_000, 1));
  expect(undone).toMatchObject({ code: done, status: 'annulled', balance: 0 });
  const shown = await showCertificate(infobase, 'G1');
  expect(shown?.certificate).toMatchObject({ state: 'annulled', balance: 0 });
  expect(shown?.movements.map(({ kind, amount }) => [kind, amount])).toEqual([
    ['CertificateSale', 1_000],
    ['CertificateRedemption', -1_000],
    ['CertificateCancel', 0],
  ]);
  expect((await sell(infobase, build(1_000, 2))).code).toBe(certificateState);
});

test('a kind is not kept, nor a certificate sold, where its end has come', async () => {
  const infobase = await openShop();
  const until = (on: string) =>
    saveKind(infobase, now, { code: 'F', name: 'К юбилею', life: `fixed_date:${on}`, nominal: 500 });
  expect(await until(billingStart)).toEqual({
    ok: false,
    field: 'life',
    why: `fixed_date:${billingStart} is not after today, ${billingStart}`,
  });
  const end = addDays(billingStart, 2);
  expect(await until(end)).toMatchObject({ ok: true });
  await issueCertificates(infobase, { kindCode: 'F', prefix: 'F', from: '1', to: '2', width: undefined });
  expect(await sell(infobase, onDay(2, 'F1', 1))).toMatchObject({ code: certificateState, status: 'issued' });
  expect((await sell(infobase, onDay(1, 'F1', 2))).code).toBe(done);
  expect((await redeem(infobase, onDay(1, 'F1', 3))).code).toBe(done);
});

test('tells the price of what is not sold yet: the nominal of its kind, or 0 where the buyer names it', async () => {
  const [priced, free] = [await openShop(1_000), await openShop(null)];
  expect(await askIn(priced)).toMatchObject({ status: 'issued', nominal: 1_000, balance: 0, validTo: null });
  expect(await askIn(free)).toMatchObject({ status: 'issued', nominal: 0, balance: 0, validTo: null });
  await sell(free, build(70, 1));
  await cancel(free, build(70, 1));
  expect(await askIn(free)).toMatchObject({ status: 'annulled', nominal: 70, balance: 0 });
});

test('billing off closes certificates and keeps them; on again, they are as they were and the night goes on', async () => {
  const infobase = await openShop();
  await sell(infobase, build(1_000, 1));
  await redeem(infobase, build(400, 2));
  await passNightsTo(infobase, billingStart);
  const before = await showCertificate(infobase, 'G1');
  const folder = mkdtempSync(join(tmpdir(), 'kkm-certificates-'));
  const backupFile = join(folder, 'backup.sqlite');
  const off = { holder: 'test', readMs: () => 0, confirm: confirmations, backupFile, backUp };
  expect(await disableBilling(infobase, now, off)).toMatchObject({ code: 'done' });
  rmSync(folder, { recursive: true });
  expect((await redeem(infobase, build(1, 3))).code).toBe(moduleOff);
  expect(await showCertificate(infobase, 'G1')).toEqual(before);

  const again = addDays(billingStart, 6);
  expect(await saveSetting(infobase, startOf(again), 'stage', 'billing')).toMatchObject({ ok: true });
  expect(await showCertificate(infobase, 'G1')).toEqual(before);
  expect(await redeem(infobase, build(100, 4))).toMatchObject({ code: done, balance: 500 });
  // It ran out while billing was off: the first night takes it.
  await passNightsTo(infobase, again);
  expect((await showCertificate(infobase, 'G1'))?.movements.at(-1)).toMatchObject({
    kind: 'CertificateExpiry',
    amount: -500,
    datedAt: `${again}T02:00:00`,
  });
});

const numberOf = (index: number): string => `G${String(index).padStart(4, '0')}`;

test('thousands run out in one night, each with a movement, and no other is touched', async () => {
  const infobase = await openBilling();
  opened.push(infobase);
  const many = 3_000;
  await issue(infobase, 1_000, many + 1);
  for (let index = 1; index <= many; index += 1) {
    await sell(infobase, build(1_000, index, { certificateNumber: numberOf(index) }));
  }
  const later = `${addDays(billingStart, 1)}T10:00:00` as LocalDateTime;
  await sell(infobase, build(1_000, many + 1, { certificateNumber: numberOf(many + 1), receiptAt: later }));
  await passNightsTo(infobase, addDays(billingStart, 5));
  for (const index of [1, many / 2, many]) expect(await balanceOf(infobase, numberOf(index))).toBe(0);
  expect(await balanceOf(infobase, numberOf(many + 1))).toBe(1_000);
  const documentOf = async (index: number) =>
    (await showCertificate(infobase, numberOf(index)))?.movements.at(-1)?.documentId;
  expect(await documentOf(many)).toBe(await documentOf(1));
  expect(await infobase.db.read((trx) => findDifferenceOf(trx, 'certificate'))).toBeUndefined();
});

test('64 tills at once spend no more than there is', async () => {
  const infobase = await openShop(null);
  await sell(infobase, build(1_000, 1));
  const calls = Array.from({ length: 64 }, (_, till) => redeem(infobase, build(30, 1, { kkm: `T-${till}` })));
  const codes = (await Promise.all(calls)).map(({ code }) => code);
  expect(codes.filter((code) => code === done)).toHaveLength(33);
  expect(codes.filter((code) => code === certificateState)).toHaveLength(31);
  expect(await balanceOf(infobase)).toBe(10);
});

const runs = 100 * depth;
const lifeDays = 5;
const call = fc.record({
  /** Days after the call before it. */
  wait: fc.constantFrom(0, 0, 0, 0, 1, 2, 5),
  verb: fc.constantFrom('sell' as const, 'redeem' as const, 'redeem' as const, 'cancel' as const),
  receipt: fc.integer({ min: 1, max: 4 }),
  /** So many days is the receipt older than the call. */
  late: fc.constantFrom(0, 0, 0, 1, 2, 5),
  amount: fc.constantFrom(1_000, 300, 400, 1),
});
/** Each call with its day, and the day of its receipt. */
const history = fc.array(call, { minLength: 3, maxLength: 16 }).map((calls) => {
  let day = 0;
  return calls.map(({ wait, late, ...one }) => {
    day += wait;
    return { ...one, day, receiptDay: Math.max(0, day - late) };
  });
});
interface ModelCall {
  readonly verb: 'sell' | 'redeem' | 'cancel';
  readonly receipt: number;
  readonly receiptDay: number;
  readonly amount: number;
}

/** A certificate of 1,000 that lives five days, as the documents tell it. */
class ModelCertificate {
  readonly #taken = new Map<string, number>();
  readonly #barred = new Set<string>();
  #sold: { readonly key: string; readonly day: number } | undefined;
  #burned = 0;
  #isAnnulled = false;

  get left(): number {
    if (this.#sold === undefined || this.#isAnnulled) return 0;
    return [...this.#taken.values()].reduce((left, one) => left - one, 1_000 - this.#burned);
  }

  /** @returns whether the call moves something or bars what is to come. */
  meet({ verb, receipt, receiptDay, amount }: ModelCall): 'does' | 'repeats' | 'refuses' {
    const key = `${receiptDay}/${receipt}`;
    if (verb === 'cancel') return this.#cancel(key);
    if (this.#barred.has(key)) return 'refuses';
    if (verb === 'sell') return this.#sell(key, receiptDay, amount);
    const before = this.#taken.get(key);
    if (before !== undefined) return before === amount ? 'repeats' : 'refuses';
    const isAlive = this.#sold !== undefined && receiptDay < this.#sold.day + lifeDays;
    if (!isAlive || amount > this.left) return 'refuses';
    this.#taken.set(key, amount);
    return 'does';
  }

  passNight(day: number): void {
    if (this.#sold !== undefined && this.#sold.day + lifeDays <= day) this.#burned += this.left;
  }

  #sell(key: string, day: number, amount: number): 'does' | 'repeats' | 'refuses' {
    if (amount !== 1_000) return 'refuses';
    if (this.#sold !== undefined) return this.#sold.key === key ? 'repeats' : 'refuses';
    this.#sold = { key, day };
    return 'does';
  }

  #cancel(key: string): 'does' | 'repeats' | 'refuses' {
    if (this.#barred.has(key)) return 'repeats';
    const undoes = this.#taken.get(key) ?? 0;
    const isUnsold = this.#sold?.key === key;
    if (isUnsold && this.left + undoes !== 1_000) return 'refuses';
    this.#taken.delete(key);
    this.#barred.add(key);
    this.#isAnnulled ||= isUnsold;
    return 'does';
  }
}

test(
  `${runs} random histories of calls with nights between agree with a model`,
  async () => {
    const infobase = await openBilling();
    opened.push(infobase);
    await issue(infobase, 1_000, runs, `days:${lifeDays}`);
    const sampled = fc.sample(history, { numRuns: runs, seed: fileSeed });
    const histories = sampled.map((calls, index) => ({
      calls,
      certificateNumber: `G${String(index + 1).padStart(String(runs).length, '0')}`,
      model: new ModelCertificate(),
    }));
    const lastDay = Math.max(...histories.map(({ calls }) => calls.at(-1)?.day ?? 0)) + lifeDays + 1;
    const acts = { sell: sellCertificate, redeem: redeemCertificate, cancel: cancelCertificate };
    let outlived = 0;
    for (let day = 0; day <= lastDay; day += 1) {
      const today = addDays(billingStart, day);
      await passNightsTo(infobase, today);
      for (const { calls, certificateNumber, model } of histories) {
        const before = model.left;
        model.passNight(day);
        if (model.left !== before) outlived += 1;
        for (const one of calls.filter((each) => each.day === day)) {
          const receiptAt = `${addDays(billingStart, one.receiptDay)}T10:00:00` as LocalDateTime;
          const request = build(one.amount, one.receipt, { certificateNumber, receiptAt });
          const { code, duplicate } = await acts[one.verb](
            infobase,
            `${today}T12:00:00` as LocalDateTime,
            read(request),
          );
          const met = code !== done ? 'refuses' : duplicate ? 'repeats' : 'does';
          expectSame(
            { certificateNumber, calls, one, met },
            {
              certificateNumber,
              calls,
              one,
              met: model.meet(one),
            },
          );
        }
        const shown = await showCertificate(infobase, certificateNumber);
        const sum = shown?.movements.reduce((total, { amount: moved }) => total + moved, 0);
        const told = { calls, day, balance: shown?.certificate.balance, sum };
        expectSame(told, { calls, day, balance: model.left, sum: model.left });
      }
    }
    // About a third does; far fewer would mean that the search has lost what it is for.
    expect(outlived).toBeGreaterThan(runs / 8);
    expectSame(
      histories.filter(({ model }) => model.left > 0),
      [],
    );
    expect(await infobase.db.read((trx) => findDifferenceOf(trx, 'certificate'))).toBeUndefined();
  },
  120_000 * depth,
);
