// The state of an infobase before and after a conversation, as its folder's before.json and after.json have it: sums in
// rubles, moments as wall-clock text, receipts by the names that people use of them.
import { statement, type Parameters } from '../../src/db/statement.ts';
import type { CardPurpose, CardStatus } from '../../src/ledger/card.ts';
import { parsePercent, type DiscountScheme } from '../../src/ledger/discount.ts';
import { parseLocalDate } from '../../src/ledger/local-date-time.ts';
import { formatRubles, parseKopecks, type Kopecks } from '../../src/ledger/money.ts';
import type { Receipt, ReceiptKind } from '../../src/ledger/receipt.ts';
import type { SettingName } from '../../src/ledger/settings.ts';
import { issueCertificates, saveKind } from '../../src/operations/certificates/certificate-catalog.ts';
import { sellCertificate } from '../../src/operations/certificates/certificates.ts';
import { createSync } from '../../src/operations/sync/create-sync.ts';
import type { Infobase } from '../../src/operations/infobase.ts';
import { saveSetting } from '../../src/operations/admin/save-setting.ts';
import {
  addCard,
  addKind,
  buildCancel,
  buildReserve,
  buildSale,
  cancel,
  moment,
  noon,
  openBalances,
  register,
  release,
  reserve,
  setSetting,
} from '../operations/testing-infobase.ts';

interface GivenKind {
  readonly code: string;
  readonly name?: string;
  readonly purpose?: CardPurpose;
  readonly discount?: DiscountScheme;
  readonly maxRedeemPercent?: string;
  readonly accrualPercent?: string;
}

interface GivenCard {
  readonly number: string;
  readonly kind?: string;
  readonly holder?: string;
  readonly status?: CardStatus;
  readonly validFrom?: string;
  readonly validTo?: string;
  readonly bonus?: string;
  readonly accumulation?: string;
  readonly receipts?: number;
}

interface GivenKey {
  readonly kkm: string;
  readonly shift: number;
  readonly number: number;
  readonly at: string;
}

interface GivenReceipt extends GivenKey {
  readonly id?: string;
  readonly kind: ReceiptKind;
  readonly card: string;
  readonly sum: string;
  readonly sumWithDiscount?: string;
  readonly accrued?: string;
  readonly redeemed?: string;
  readonly original?: GivenKey;
}

interface GivenHold extends GivenKey {
  readonly id?: string;
  readonly card: string;
  readonly amount: string;
  readonly isReleased?: boolean;
}

interface GivenCertificate {
  readonly number: string;
  readonly nominal?: string;
  readonly life?: string;
  readonly soldFor?: string;
}

export interface Before {
  /** The infobase's clock during the conversation; noon of 2026-11-22 by default. */
  readonly clock?: string;
  readonly settings?: Partial<Record<SettingName, string>>;
  readonly kinds?: readonly GivenKind[];
  readonly cards?: readonly GivenCard[];
  /** Accepted online before, in this order; then the holds, then the cancels. */
  readonly receipts?: readonly GivenReceipt[];
  readonly holds?: readonly GivenHold[];
  readonly cancels?: readonly (GivenKey & { readonly kind: ReceiptKind })[];
  /** Sync documents posted before, each of the cards named, or of all where none is; then `settings` are set. */
  readonly syncs?: readonly (readonly string[])[];
  /** Stage billing from the clock's date on, and certificates, sold where they have an amount. */
  readonly certificates?: readonly GivenCertificate[];
  /** SQL that spoils the database, to see what a defect looks like. */
  readonly damage?: readonly string[];
}

function kopecks(rubles: string): Kopecks {
  const value = parseKopecks(rubles);
  if (value === undefined) throw new Error(`${rubles} is no sum`);
  return value;
}

function percent(text: string | undefined): number | null {
  return text === undefined ? null : (parsePercent(text) ?? null);
}

function readKey({ kkm, shift, number, at }: GivenKey) {
  return { kkm, shiftNumber: shift, receiptNumber: number, receiptAt: moment(at) };
}

function buildReceipt(given: GivenReceipt): Receipt {
  const sumKopecks = kopecks(given.sum);
  return buildSale({
    ...readKey(given),
    kind: given.kind,
    operationId: given.id ?? null,
    cardNumber: given.card,
    sumKopecks,
    sumWithDiscountKopecks: given.sumWithDiscount === undefined ? sumKopecks : kopecks(given.sumWithDiscount),
    bonusAccruedKopecks: kopecks(given.accrued ?? '0'),
    bonusRedeemedKopecks: kopecks(given.redeemed ?? '0'),
    original: given.original === undefined ? null : readKey(given.original),
  });
}

async function addGivenCard(infobase: Infobase, card: GivenCard): Promise<void> {
  await addCard(infobase, {
    number: card.number,
    kindCode: card.kind ?? 'BASE',
    holder: card.holder ?? null,
    status: card.status ?? 'active',
    validFrom: card.validFrom === undefined ? null : (parseLocalDate(card.validFrom) ?? null),
    validTo: card.validTo === undefined ? null : (parseLocalDate(card.validTo) ?? null),
  });
  const { bonus, accumulation, receipts } = card;
  if (bonus === undefined && accumulation === undefined && receipts === undefined) return;
  await openBalances(infobase, card.number, {
    bonus: kopecks(bonus ?? '0'),
    accumulation: kopecks(accumulation ?? '0'),
    receipts: receipts ?? 0,
  });
}

async function mustDo(what: object, doing: Promise<{ readonly code: number }>): Promise<void> {
  const { code } = await doing;
  if (code !== 0) throw new Error(`before: ${JSON.stringify(what)} was answered ${code}`);
}

async function makeCertificates(infobase: Infobase, given: readonly GivenCertificate[]): Promise<void> {
  const outcome = await saveSetting(infobase, noon, 'stage', 'billing');
  if (!outcome.ok) throw new Error(outcome.why);
  for (const [index, { number, nominal, life = 'unlimited', soldFor }] of given.entries()) {
    const code = `GIFT-${index}`;
    await saveKind(infobase, noon, {
      code,
      name: code,
      nominal: nominal === undefined ? null : kopecks(nominal),
      life,
    });
    await issueCertificates(infobase, { kindCode: code, prefix: number, from: '1', to: '1', width: undefined });
    if (soldFor === undefined) continue;
    const key = { kkm: 'K-00', shiftNumber: 1, receiptNumber: index + 1, receiptAt: noon, operationId: null };
    const call = { ...key, certificateNumber: `${number}1`, amountKopecks: kopecks(soldFor) };
    await mustDo(given, sellCertificate(infobase, noon, { ok: true, value: call }));
  }
}

async function makeSyncs(infobase: Infobase, syncs: readonly (readonly string[])[]): Promise<void> {
  await setSetting(infobase, 'acceptCards', 'false');
  for (const cardNumbers of syncs) {
    const end = await createSync(infobase, noon, { cardNumbers, holder: 'test', readMs: () => 0 });
    if (end.code !== 'done')
      throw new Error(`before: the sync of ${JSON.stringify(cardNumbers)}: ${JSON.stringify(end)}`);
  }
  await setSetting(infobase, 'acceptCards', 'true');
}

/** Brings a new infobase to the state; the kind BASE is there whether named or not. */
export async function fillInfobase(infobase: Infobase, before: Before): Promise<void> {
  if (before.kinds?.some(({ code }) => code === 'BASE') !== true) await addKind(infobase);
  for (const { maxRedeemPercent, accrualPercent, ...kind } of before.kinds ?? []) {
    const percents = {
      maxRedeemPercentHundredths: percent(maxRedeemPercent),
      accrualPercentHundredths: percent(accrualPercent),
    };
    await addKind(infobase, { ...kind, ...percents });
  }
  for (const card of before.cards ?? []) await addGivenCard(infobase, card);
  for (const given of before.receipts ?? []) {
    const receipt = buildReceipt(given);
    await mustDo(given, register(infobase, receipt, receipt.receiptAt));
  }
  for (const given of before.holds ?? []) {
    const hold = buildReserve(buildSale({ ...readKey(given), operationId: given.id ?? null, cardNumber: given.card }), {
      amountKopecks: kopecks(given.amount),
    });
    await mustDo(given, reserve(infobase, hold));
    if (given.isReleased === true) await mustDo(given, release(infobase, hold));
  }
  for (const given of before.cancels ?? []) {
    await mustDo(given, cancel(infobase, buildCancel(buildSale({ ...readKey(given), kind: given.kind }))));
  }
  if (before.certificates !== undefined) await makeCertificates(infobase, before.certificates);
  if (before.syncs !== undefined) await makeSyncs(infobase, before.syncs);
  for (const [name, value] of Object.entries(before.settings ?? {})) {
    await setSetting(infobase, name as SettingName, value);
  }
  const damages = (before.damage ?? []).map((sql) => statement<Record<string, never>>((knex) => knex.raw(sql)));
  for (const damage of damages) await infobase.db.write((trx) => trx.change(damage, {}));
}

/** Balances of every card, and what moved, was set aside, registered or cancelled; empty lists are left out. */
export interface After {
  readonly cards?: Readonly<Record<string, object>>;
  readonly movements?: readonly object[];
  readonly holds?: readonly object[];
  readonly receipts?: readonly string[];
  readonly cancels?: readonly string[];
}

type None = Record<string, never>;
type Sums = { bonus: Kopecks; accumulation: Kopecks; receipts: number };

type CardRow = Sums & { number: string; movedBonus: Kopecks; movedAccumulation: Kopecks; movedReceipts: number };

const cardRows = statement<None, CardRow>((knex) => {
  const balance = (column: string) => knex.raw(`coalesce(max(accumulation_balance.${column}), 0)`);
  const moved = (column: string) => knex.raw(`coalesce(sum(accumulation_movement.${column}), 0)`);
  return knex('card')
    .leftJoin('accumulation_balance', 'accumulation_balance.card_id', 'card.id')
    .leftJoin('accumulation_movement', 'accumulation_movement.card_id', 'card.id')
    .groupBy('card.number')
    .orderBy('card.number')
    .select({
      number: 'card.number',
      bonus: balance('bonus'),
      accumulation: balance('accumulation'),
      receipts: balance('receipts'),
      movedBonus: moved('bonus'),
      movedAccumulation: moved('accumulation'),
      movedReceipts: moved('receipts'),
    });
});

type MovementRow = Sums & {
  documentId: number;
  kind: string;
  datedAt: string;
  comment: string | null;
  card: string;
  bonusAfter: Kopecks;
};

const movementRows = statement<{ afterId: number }, MovementRow>((knex, p) =>
  knex('accumulation_movement')
    .join('document', 'document.id', 'accumulation_movement.document_id')
    .join('card', 'card.id', 'accumulation_movement.card_id')
    .where('document.id', '>', p.afterId)
    .orderBy('document.id')
    .orderBy('card.number')
    .select({
      documentId: 'document.id',
      kind: 'document.kind',
      datedAt: 'document.dated_at',
      comment: 'document.comment',
      card: 'card.number',
      bonus: 'accumulation_movement.bonus',
      accumulation: 'accumulation_movement.accumulation',
      receipts: 'accumulation_movement.receipts',
      bonusAfter: 'accumulation_movement.bonus_after',
    }),
);

type HoldRow = {
  kkm: string;
  shift: number;
  number: number;
  card: string;
  amount: Kopecks;
  state: string;
  expiresAt: string;
};

const holdRows = statement<None, HoldRow>((knex) =>
  knex('hold').join('card', 'card.id', 'hold.card_id').orderBy('hold.id').select({
    kkm: 'hold.kkm',
    shift: 'hold.shift_number',
    number: 'hold.receipt_number',
    card: 'card.number',
    amount: 'hold.amount',
    state: 'hold.state',
    expiresAt: 'hold.expires_at',
  }),
);

type KeyRow = { kind: string; kkm: string; shift: number; number: number; on: string; state: string; flags: string };

const keyColumns = {
  kind: 'kind',
  kkm: 'kkm',
  shift: 'shift_number',
  number: 'receipt_number',
  on: 'receipt_on',
} as const;

const receiptRows = statement<None, KeyRow>((knex) =>
  knex('receipt')
    .orderBy('id')
    .select({ ...keyColumns, state: 'state', flags: 'flags' }),
);
const cancelRows = statement<None, KeyRow>((knex) => knex('receipt_cancel').orderBy('id').select(keyColumns));
const lastDocument = statement<None, { id: number }>((knex) =>
  knex('document').select({ id: knex.raw('coalesce(max(id), 0)') }),
);

function listRows<P extends Parameters, R>(
  infobase: Infobase,
  query: ReturnType<typeof statement<P, R>>,
  p: P,
): Promise<R[]> {
  return infobase.db.read((trx) => trx.list(query, p));
}

/** To be asked before a conversation and given to `readAfter`. */
export async function findLastDocument(infobase: Infobase): Promise<number> {
  return (await listRows(infobase, lastDocument, {}))[0]?.id ?? 0;
}

function nameReceipt({ kind, kkm, shift, number, on, state, flags }: KeyRow): string {
  const rest = [state, flags].filter((text) => text !== undefined && text !== '').join(', ');
  return `${kind} ${kkm}/${shift}/${number} of ${on}${rest === '' ? '' : `: ${rest}`}`;
}

/** @param lastDocumentId movements of documents after it are included. */
export async function readAfter(infobase: Infobase, lastDocumentId = 0): Promise<After> {
  const cards: Record<string, object> = {};
  for (const row of await listRows(infobase, cardRows, {})) {
    const { number, bonus, accumulation, receipts } = row;
    const isInStep =
      row.movedBonus === bonus && row.movedAccumulation === accumulation && row.movedReceipts === receipts;
    if (!isInStep) throw new Error(`card ${number}: the balance is not the sum of its movements`);
    cards[number] = { bonus: formatRubles(bonus), accumulation: formatRubles(accumulation), receipts };
  }
  const movements = (await listRows(infobase, movementRows, { afterId: lastDocumentId })).map((row) => ({
    document: `${row.kind} ${row.documentId} of ${row.datedAt}`,
    ...(row.comment === null ? {} : { comment: row.comment }),
    card: row.card,
    bonus: formatRubles(row.bonus),
    accumulation: formatRubles(row.accumulation),
    receipts: row.receipts,
    bonusAfter: formatRubles(row.bonusAfter),
  }));
  const holds = (await listRows(infobase, holdRows, {})).map(({ kkm, shift, number, amount, ...row }) => ({
    receipt: `${kkm}/${shift}/${number}`,
    ...row,
    amount: formatRubles(amount),
  }));
  const receipts = (await listRows(infobase, receiptRows, {})).map(nameReceipt);
  const cancels = (await listRows(infobase, cancelRows, {})).map(nameReceipt);
  return {
    cards,
    ...(movements.length > 0 && { movements }),
    ...(holds.length > 0 && { holds }),
    ...(receipts.length > 0 && { receipts }),
    ...(cancels.length > 0 && { cancels }),
  };
}
