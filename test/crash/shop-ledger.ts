// What the database itself has of the tills' calls, read beside the service, and what it must have by their journal.
import BetterSqlite from 'better-sqlite3';
import { addMeasures, noMeasures, type Measures } from '../../src/ledger/measures.ts';
import type { TillJournal } from './till-journal.ts';

/** How the numbers of the cards begin that the tills ring for. */
export const tillCards = '29000000';

/** What every card had before the tills began. */
export const opening: Measures = { bonus: 100_000_000, accumulation: 0, receipts: 0 };

interface LedgerReceipt {
  readonly key: string;
  readonly cardNumber: string;
  readonly documents: number;
}

interface CardState extends Measures {
  readonly cardNumber: string;
  readonly movements: number;
}

export interface ShopLedger {
  readonly receipts: readonly LedgerReceipt[];
  /** Keys of what was cancelled, and whether a document undoes it. */
  readonly cancels: readonly {
    readonly key: string;
    readonly cardNumber: string | null;
    readonly hasDocument: 0 | 1;
  }[];
  readonly holds: readonly string[];
  readonly cards: readonly CardState[];
  /** The same sums by the registers of billing; none while billing is off. */
  readonly billed: readonly (Measures & { readonly cardNumber: string })[];
}

export function readLedger(file: string): ShopLedger {
  const connection = new BetterSqlite(file, { timeout: 5_000 });
  const list = <T>(sql: string): T[] => connection.prepare(sql).all() as T[];
  // Other cards are of an import.
  const isOfTills = `card.number like '${tillCards}%'`;
  const key = `kkm || '/' || receipt_number || '/' || kind`;
  try {
    connection.exec('begin');
    return {
      receipts: list(`select ${key} as key, (select number from card where id = card_id) as cardNumber,
        (select count(*) from document where receipt_id = receipt.id) as documents from receipt`),
      cancels: list(`select ${key} as key, card_number as cardNumber, document_id is not null as hasDocument
        from receipt_cancel`),
      holds: list<{ id: string }>(`select operation_id as id from hold`).map(({ id }) => id),
      cards: list(`select card.number as cardNumber, bonus, accumulation, receipts,
        (select count(*) from accumulation_movement as m where m.card_id = card.id) as movements
        from accumulation_balance as balance join card on card.id = balance.card_id where ${isOfTills}`),
      billed: list(`select card.number as cardNumber, bonus, accumulation, receipts
        from billing_balance as balance join card on card.id = balance.card_id where ${isOfTills}`),
    };
  } finally {
    connection.close();
  }
}

/**
 * Every answered call is there once; whatever is there was sent; the sums are those of what is there.
 * @param isAging sums of billing are credited later, and burn.
 */
export function expectLedger(ledger: ShopLedger, journal: TillJournal, isAging: boolean): void {
  const calls = [...journal.entries.values()];
  const keysOf = (isWanted: (entry: (typeof calls)[number]) => boolean): Set<string> =>
    new Set(calls.filter(isWanted).map(({ call }) => call.key));
  const isReceipt = ({ call: { kind } }: (typeof calls)[number]): boolean => kind === 'Sale' || kind === 'Return';
  const sent = keysOf((entry) => isReceipt(entry) && entry.open > 0);
  const answered = keysOf((entry) => isReceipt(entry) && entry.reply !== undefined);
  const cancelled = keysOf(({ call, reply }) => call.kind === 'Cancel' && reply !== undefined);
  const held = keysOf(({ call, reply }) => call.kind === 'Reserve' && reply !== undefined);
  const there = new Set(ledger.receipts.map(({ key }) => key));
  const cancels = new Set(ledger.cancels.map(({ key }) => key));
  const holds = new Set(ledger.holds);
  expect({
    lost: [...answered].filter((key) => !there.has(key)),
    lostCancels: [...cancelled].filter((key) => !cancels.has(key)),
    lostHolds: [...held].filter((key) => !holds.has(`hold ${key}`)),
    doubled: [ledger.receipts.map(({ key }) => key), ledger.cancels.map(({ key }) => key), ledger.holds].flatMap(
      listDoubled,
    ),
    notSent: [...there].filter((key) => !sent.has(key)),
  }).toEqual({ lost: [], lostCancels: [], lostHolds: [], doubled: [], notSent: [] });
  expectSums(isAging ? { ...ledger, billed: [] } : ledger, journal);
}

function listDoubled(keys: readonly string[]): string[] {
  const seen = new Set<string>();
  return keys.filter((key) => seen.size === seen.add(key).size);
}

function expectSums({ receipts, cancels, cards, billed }: ShopLedger, journal: TillJournal): void {
  const moves = new Map(
    [...journal.entries.keys()].flatMap((call) => (call.receipt === undefined ? [] : [[call.key, call.moves]])),
  );
  const undone = new Map(cancels.map(({ key, hasDocument }) => [key, hasDocument]));
  const wanted = new Map<string, Measures & { movements: number }>();
  for (const { key, cardNumber, documents } of receipts) {
    const before = wanted.get(cardNumber) ?? { ...opening, movements: 1 };
    const sums = addMeasures(before, undone.has(key) ? noMeasures : (moves.get(key) ?? noMeasures));
    wanted.set(cardNumber, { ...sums, movements: before.movements + documents });
    // One of its own, and one of its cancel.
    expect([key, documents]).toEqual([key, 1 + (undone.get(key) ?? 0)]);
  }
  for (const { cardNumber, ...sums } of cards) {
    expect([cardNumber, sums]).toEqual([cardNumber, wanted.get(cardNumber) ?? { ...opening, movements: 1 }]);
  }
  for (const { cardNumber, ...sums } of billed) {
    const { movements: _movements, ...own } = wanted.get(cardNumber) ?? { ...opening, movements: 1 };
    expect([cardNumber, sums]).toEqual([cardNumber, own]);
  }
}
