// Card kinds with their discount schemes and the rules of life that they have chosen.
import type { CardKind, CardPurpose } from '../../ledger/card.ts';
import type { DiscountScheme } from '../../ledger/discount.ts';
import type { Trx } from '../db.ts';
import { statement } from '../statement.ts';

interface CardKindRow {
  code: string;
  name: string;
  purpose: CardPurpose;
  discount: string;
  maxRedeemPercentHundredths: number | null;
  accrualPercentHundredths: number | null;
  bonusRuleCode: string | null;
  accumulationRuleCode: string | null;
}

const columns = {
  code: 'code',
  name: 'name',
  purpose: 'purpose',
  discount: 'discount',
  maxRedeemPercentHundredths: 'max_redeem_percent_hundredths',
  accrualPercentHundredths: 'accrual_percent_hundredths',
  bonusRuleCode: 'bonus_rule_code',
  accumulationRuleCode: 'accumulation_rule_code',
};

const all = statement<Record<string, never>, CardKindRow>((knex) => knex('card_kind').select(columns).orderBy('code'));
const byCode = statement<{ code: string }, CardKindRow>((knex, p) =>
  knex('card_kind').select(columns).where('code', p.code),
);
type KindParameters = {
  code: string;
  name: string;
  purpose: string;
  discount: string;
  maxRedeemPercentHundredths: number | null;
  accrualPercentHundredths: number | null;
  bonusRuleCode: string | null;
  accumulationRuleCode: string | null;
};
const save = statement<KindParameters>((knex, p) =>
  knex('card_kind')
    .insert({
      code: p.code,
      name: p.name,
      purpose: p.purpose,
      discount: p.discount,
      max_redeem_percent_hundredths: p.maxRedeemPercentHundredths,
      accrual_percent_hundredths: p.accrualPercentHundredths,
      bonus_rule_code: p.bonusRuleCode,
      accumulation_rule_code: p.accumulationRuleCode,
    })
    .onConflict('code')
    .merge(),
);
const remove = statement<{ code: string }>((knex, p) => knex('card_kind').where('code', p.code).delete());

// Schemes are few and immutable texts; a till's card read must not parse JSON each time.
const parsedSchemes = new Map<string, DiscountScheme>();
const parsedSchemeLimit = 1_000;

/** The scheme a kind's row holds. */
export function parseDiscountScheme(text: string): DiscountScheme {
  let scheme = parsedSchemes.get(text);
  if (scheme === undefined) {
    scheme = JSON.parse(text) as DiscountScheme;
    if (parsedSchemes.size >= parsedSchemeLimit) parsedSchemes.clear();
    parsedSchemes.set(text, scheme);
  }
  return scheme;
}

const fromRow = (row: CardKindRow): CardKind => ({ ...row, discount: parseDiscountScheme(row.discount) });

export async function listCardKinds(trx: Trx): Promise<CardKind[]> {
  return (await trx.list(all, {})).map(fromRow);
}

export async function findCardKind(trx: Trx, code: string): Promise<CardKind | undefined> {
  const row = await trx.first(byCode, { code });
  return row === undefined ? undefined : fromRow(row);
}

export async function saveCardKind(trx: Trx, kind: CardKind): Promise<void> {
  await trx.change(save, { ...kind, discount: JSON.stringify(kind.discount) });
}

/** @returns whether there was such a kind; the schema (foreign key) does not remove a kind that has cards. */
export async function removeCardKind(trx: Trx, code: string): Promise<boolean> {
  return (await trx.change(remove, { code })) > 0;
}
