// A card as an operation needs it, in one statement: its terms, its kind's terms, its balances and what is set aside.
import type { CardPurpose, CardStatus } from '../../ledger/card.ts';
import type { DiscountScheme } from '../../ledger/discount.ts';
import { dateOf, type LocalDate, type LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Kopecks } from '../../ledger/money.ts';
import type { Settings } from '../../ledger/settings.ts';
import { parseDiscountScheme } from '../catalogs/card-kind.ts';
import type { Trx } from '../db.ts';
import { statement, type Scalar, type Statement } from '../statement.ts';

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
  /** The bonus that may be spent: all of it, or under `availability = covered` no more than its live accruals. */
  readonly spendable: Kopecks;
  /** Sum of the holds that are active at the moment asked for. */
  readonly held: Kopecks;
}

/** The register that a stage's answers are taken from. */
type Register = 'accumulation_balance' | 'billing_balance';

// Strictly later, as in the night: what is due today is not covered.
const coveredBonus = `(select coalesce(sum(accrual_turnover.bonus), 0) from accrual_turnover
  where accrual_turnover.card_id = card.id and accrual_turnover.write_off_on > ?)`;

type ReadingParameters = { number: string; now: string; today: string };

/** In the order they are selected. */
type Values = readonly [
  id: number,
  number: string,
  holder: string | null,
  status: CardStatus,
  validFrom: LocalDate | null,
  validTo: LocalDate | null,
  kindName: string,
  purpose: CardPurpose,
  discount: string,
  maxRedeemPercentHundredths: number | null,
  accrualPercentHundredths: number | null,
  bonus: Kopecks,
  accumulation: Kopecks,
  receipts: number,
  covered: Kopecks | null,
  held: Kopecks,
];

function readValues(values: readonly Scalar[]): CardReading {
  const v = values as unknown as Values;
  const [bonus, covered] = [v[11], v[14]];
  return {
    id: v[0],
    number: v[1],
    holder: v[2],
    status: v[3],
    validFrom: v[4],
    validTo: v[5],
    kindName: v[6],
    purpose: v[7],
    discount: parseDiscountScheme(v[8]),
    maxRedeemPercentHundredths: v[9],
    accrualPercentHundredths: v[10],
    bonus,
    accumulation: v[12],
    receipts: v[13],
    spendable: covered === null ? bonus : Math.min(bonus, Math.max(0, covered)),
    held: v[15],
  };
}

const makeReading = (register: Register, isCoveredOnly = false): Statement<ReadingParameters, CardReading> =>
  statement(
    (knex, p) =>
      knex('card')
        .join('card_kind', 'card_kind.code', 'card.kind_code')
        .leftJoin(register, `${register}.card_id`, 'card.id')
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
          bonus: knex.raw(`coalesce(${register}.bonus, 0)`),
          accumulation: knex.raw(`coalesce(${register}.accumulation, 0)`),
          receipts: knex.raw(`coalesce(${register}.receipts, 0)`),
          covered: isCoveredOnly ? knex.raw(coveredBonus, [p.today]) : knex.raw('null'),
          held: knex.raw(
            `(select coalesce(sum(hold.amount), 0) from hold
              where hold.card_id = card.id and hold.state = 'active' and hold.expires_at > ?)`,
            [p.now],
          ),
        }),
    readValues,
  );

const accumulationReading = makeReading('accumulation_balance');
const billingReading = makeReading('billing_balance');
// It adds up every accrual that the card has.
const coveredReading = makeReading('billing_balance', true);

function chooseReading({ stage, availability }: Pick<Settings, 'stage' | 'availability'>): typeof billingReading {
  if (stage !== 'billing') return accumulationReading;
  return availability === 'covered' ? coveredReading : billingReading;
}

/** @param settings decide which register answers, and how much bonus may be spent. */
export function findCardReading(
  trx: Trx,
  number: string,
  now: LocalDateTime,
  settings: Pick<Settings, 'stage' | 'availability'>,
): Promise<CardReading | undefined> {
  return trx.first(chooseReading(settings), { number, now, today: dateOf(now) });
}
