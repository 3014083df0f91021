// The worked examples of sales and returns (fixtures/ledger/receipts.json), each through the real operations.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Infobase } from '../../../src/operations/infobase.ts';
import {
  addCard,
  buildReturn,
  buildSale,
  getBalance,
  listMovements,
  openBalances,
  openTestInfobase,
  register,
  showCard,
  sumMovements,
} from '../testing-infobase.ts';

interface Figures {
  readonly sumWithDiscount: number;
  readonly bonusAccrued: number;
  readonly bonusRedeemed: number;
}

interface Expected {
  readonly code: number;
  readonly accumulation?: number;
  readonly receipts?: number;
  readonly bonusTakenBack?: number;
  readonly bonusGivenBack?: number;
  readonly bonusNet?: number;
}

interface Case {
  readonly id: string;
  readonly title: string;
  readonly sale: Figures;
  readonly saleMoves: { readonly accumulation: number; readonly receipts: number; readonly bonus: number };
  readonly returns: readonly (Figures & { readonly expect: Expected })[];
}

const file = path.join(__dirname, '../../../fixtures/ledger/receipts.json');
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: readonly Case[] };

const toReceipt = (figures: Figures) => ({
  sumWithDiscountKopecks: figures.sumWithDiscount,
  bonusAccruedKopecks: figures.bonusAccrued,
  bonusRedeemedKopecks: figures.bonusRedeemed,
});

describe('sales and returns, worked examples', () => {
  let infobase: Infobase;
  beforeAll(async () => {
    infobase = await openTestInfobase();
  });
  afterAll(() => infobase.close());

  test('there are the nine cases', () => {
    expect(cases.map(({ id }) => id)).toEqual(['R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7', 'R8', 'R9']);
  });

  test.each(cases.map((one, index) => [`${one.id}: ${one.title}`, one, index] as const))(
    '%s',
    async (_, one, index) => {
      const cardNumber = one.id;
      await addCard(infobase, { number: cardNumber });
      // What the sale redeems must be on the card before it.
      const opening = { bonus: one.sale.bonusRedeemed, accumulation: 0, receipts: 0 };
      if (opening.bonus > 0) await openBalances(infobase, cardNumber, opening);

      const sale = buildSale({ cardNumber, shiftNumber: index + 1, ...toReceipt(one.sale) });
      const saleReply = await register(infobase, sale);
      expect(saleReply).toMatchObject({ code: 0, duplicate: false });
      expect((await listMovements(infobase, cardNumber)).at(-1)).toMatchObject(one.saleMoves);

      for (const [position, part] of one.returns.entries()) {
        const before = await getBalance(infobase, cardNumber);
        const movementsBefore = await listMovements(infobase, cardNumber);
        const reply = await register(
          infobase,
          buildReturn(sale, { receiptNumber: 101 + position, ...toReceipt(part) }),
        );
        const movements = await listMovements(infobase, cardNumber);
        expect(reply.code).toBe(part.expect.code);
        if (part.expect.code !== 0) {
          expect(movements).toEqual(movementsBefore);
          expect(await getBalance(infobase, cardNumber)).toEqual(before);
          continue;
        }
        const { accumulation, receipts, bonusNet, bonusTakenBack = 0, bonusGivenBack = 0 } = part.expect;
        expect(bonusGivenBack - bonusTakenBack).toBe(bonusNet);
        expect(movements).toHaveLength(movementsBefore.length + 1);
        expect(movements.at(-1)).toMatchObject({ bonus: bonusNet, accumulation, receipts });
        expect(reply).toMatchObject({
          bonusBalance: before.bonus + (bonusNet ?? 0),
          accumulation: before.accumulation + (accumulation ?? 0),
          receipts: before.receipts + (receipts ?? 0),
        });
      }

      // All is returned in every case: the card is where it was before the sale.
      expect(await getBalance(infobase, cardNumber)).toEqual(opening);
      expect(sumMovements(await listMovements(infobase, cardNumber))).toEqual(opening);
      expect(await showCard(infobase, cardNumber)).toMatchObject({
        bonusBalance: opening.bonus,
        bonusAvailable: opening.bonus,
        accumulation: 0,
        receipts: 0,
      });
    },
  );
});
