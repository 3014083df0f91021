// A card as an operation needs it, in one statement: its terms, its kind's terms, its balances and what is set aside.
import type { CardPurpose, CardStatus } from '../ledger/card.ts';
import type { DiscountScheme } from '../ledger/discount.ts';
import type { LocalDate, LocalDateTime } from '../ledger/local-date-time.ts';
import type { Kopecks } from '../ledger/money.ts';
import { parseDiscountScheme } from './card-kind.ts';
import type { Trx } from './db.ts';
import { statement } from './statement.ts';

export interface CardReading {
  readonly id: number;
  readonly number: string;
  readonly holder: string | null;
  readonly status: CardStatus;
  readonly validFrom: LocalDate | null;
  readonly validTo: LocalDate | null;
  readonly kindName: string;
  readonly purpose: CardPurpose;
  readonly discount: DiscountScheme;
  readonly maxRedeemPercentHundredths: number | null;
  readonly accrualPercentHundredths: number | null;
  readonly bonus: Kopecks;
  readonly accumulation: Kopecks;
  readonly receipts: number;
  /** Sum of the holds that stand at the moment asked for. */
  readonly held: Kopecks;
}

type Row = Omit<CardReading, 'discount'> & { readonly discount: string };

const reading = statement<{ number: string; now: string }, Row>((knex, p) =>
  knex('card')
    .join('card_kind', 'card_kind.code', 'card.kind_code')
    .leftJoin('accumulation_balance', 'accumulation_balance.card_id', 'card.id')
    .where('card.number', p.number)
    .select({
      id: 'card.id',
      number: 'card.number',
      holder: 'card.holder',
      status: 'card.status',
      validFrom: 'card.valid_from',
      validTo: 'card.valid_to',
      kindName: 'card_kind.name',
      purpose: 'card_kind.purpose',
      discount: 'card_kind.discount',
      maxRedeemPercentHundredths: 'card_kind.max_redeem_percent_hundredths',
      accrualPercentHundredths: 'card_kind.accrual_percent_hundredths',
      bonus: knex.raw('coalesce(accumulation_balance.bonus, 0)'),
      accumulation: knex.raw('coalesce(accumulation_balance.accumulation, 0)'),
      receipts: knex.raw('coalesce(accumulation_balance.receipts, 0)'),
      held: knex.raw(
        `(select coalesce(sum(hold.amount), 0) from hold
            where hold.card_id = card.id and hold.state = 'active' and hold.expires_at > ?)`,
        [p.now],
      ),
    }),
);

export async function findCardReading(trx: Trx, number: string, now: LocalDateTime): Promise<CardReading | undefined> {
  const row = await trx.first(reading, { number, now });
  return row === undefined ? undefined : { ...row, discount: parseDiscountScheme(row.discount) };
}
