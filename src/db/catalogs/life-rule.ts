// Rules of life, and the two that a card's kind has chosen.
import type { AccrualTerm, LifeRegister, LifeRule } from '../../ledger/life-rule.ts';
import { findTerm, findUndelayedTerm, formatDelay, formatLife, parseDelay, parseLife } from '../../ledger/life-rule.ts';
import type { LocalDate } from '../../ledger/local-date-time.ts';
import type { Trx } from '../db.ts';
import { statement } from '../statement.ts';

interface RuleRow {
  readonly code: string;
  readonly name: string;
  readonly register: LifeRegister;
  readonly delay: string;
  readonly life: string;
  readonly lifeFrom: 'credit' | 'operation';
}

const columns = {
  code: 'life_rule.code',
  name: 'life_rule.name',
  register: 'life_rule.register',
  delay: 'life_rule.delay',
  life: 'life_rule.life',
  lifeFrom: 'life_rule.life_from',
};

const all = statement<Record<string, never>, RuleRow>((knex) => knex('life_rule').select(columns).orderBy('code'));

const byCode = statement<{ code: string }, RuleRow>((knex, p) =>
  knex('life_rule').select(columns).where('code', p.code),
);

type RuleParameters = { code: string; name: string; register: string; delay: string; life: string; lifeFrom: string };

const save = statement<RuleParameters>((knex, p) =>
  knex('life_rule')
    .insert({
      code: p.code,
      name: p.name,
      register: p.register,
      delay: p.delay,
      life: p.life,
      life_from: p.lifeFrom,
    })
    .onConflict('code')
    .merge(),
);

const remove = statement<{ code: string }>((knex, p) => knex('life_rule').where('code', p.code).delete());

const ofCard = statement<{ cardId: number }, RuleRow>((knex, p) =>
  knex('card')
    .join('card_kind', 'card_kind.code', 'card.kind_code')
    .join('life_rule', (on) =>
      on
        .on('life_rule.code', '=', 'card_kind.bonus_rule_code')
        .orOn('life_rule.code', '=', 'card_kind.accumulation_rule_code'),
    )
    .where('card.id', p.cardId)
    .select(columns),
);

const choices = statement<Record<string, never>, { bonus: string | null; accumulation: string | null; code: string }>(
  (knex) =>
    knex('card_kind')
      .orderBy('code')
      .select({ code: 'code', bonus: 'bonus_rule_code', accumulation: 'accumulation_rule_code' }),
);

function fromRow(row: RuleRow): LifeRule {
  const delay = parseDelay(row.delay);
  const life = parseLife(row.life);
  if (delay === undefined || life === undefined) throw new Error(`rule of life ${row.code} is damaged`);
  return { ...row, delay, life };
}

export async function listLifeRules(trx: Trx): Promise<LifeRule[]> {
  return (await trx.list(all, {})).map(fromRow);
}

export async function findLifeRule(trx: Trx, code: string): Promise<LifeRule | undefined> {
  const row = await trx.first(byCode, { code });
  return row === undefined ? undefined : fromRow(row);
}

export async function saveLifeRule(trx: Trx, rule: LifeRule): Promise<void> {
  await trx.change(save, { ...rule, delay: formatDelay(rule.delay), life: formatLife(rule.life) });
}

/** @returns whether there was such a rule; the schema (foreign key) does not remove a rule that a card kind has chosen. */
export async function removeLifeRule(trx: Trx, code: string): Promise<boolean> {
  return (await trx.change(remove, { code })) > 0;
}

/** The card kinds that have chosen a rule, by its code; a rule that none has chosen has no entry. */
export async function listKindsByRule(trx: Trx): Promise<ReadonlyMap<string, readonly string[]>> {
  const kinds = new Map<string, string[]>();
  for (const { code, bonus, accumulation } of await trx.list(choices, {})) {
    for (const rule of [bonus, accumulation]) if (rule !== null) kinds.set(rule, [...(kinds.get(rule) ?? []), code]);
  }
  return kinds;
}

/** The rules that a card's kind has chosen, by register; undefined if it has chosen none. */
export async function findCardRules(
  trx: Trx,
  cardId: number,
): Promise<Readonly<Record<LifeRegister, LifeRule | undefined>>> {
  const rules = (await trx.list(ofCard, { cardId })).map(fromRow);
  const ruleOf = (register: LifeRegister): LifeRule | undefined => rules.find((rule) => rule.register === register);
  return { bonus: ruleOf('bonus'), accumulation: ruleOf('accumulation') };
}

/** The terms that a card's rules give to an accrual of that date: without a rule, life is unlimited. */
export async function findCardTerms(
  trx: Trx,
  cardId: number,
  operationOn: LocalDate,
): Promise<Readonly<Record<LifeRegister, AccrualTerm>>> {
  const { bonus, accumulation } = await findCardRules(trx, cardId);
  return { bonus: findTerm(bonus, operationOn), accumulation: findTerm(accumulation, operationOn) };
}

/** The terms that a card's rules give to what is credited at once: sums from before billing, and sums given back. */
export async function findUndelayedTerms(
  trx: Trx,
  cardId: number,
  creditOn: LocalDate,
): Promise<Readonly<Record<LifeRegister, AccrualTerm>>> {
  const { bonus, accumulation } = await findCardRules(trx, cardId);
  return { bonus: findUndelayedTerm(bonus, creditOn), accumulation: findUndelayedTerm(accumulation, creditOn) };
}

/** The terms that the rules of each card kind give, by its code. */
export type TermsOfKinds = ReadonlyMap<string, Readonly<Record<LifeRegister, AccrualTerm>>>;

/** The same by card kind, for every kind. */
export async function listOpeningTermsOfKinds(trx: Trx, startOn: LocalDate): Promise<TermsOfKinds> {
  const rules = new Map((await listLifeRules(trx)).map((rule) => [rule.code, rule]));
  const termOf = (code: string | null): AccrualTerm =>
    findUndelayedTerm(code === null ? undefined : rules.get(code), startOn);
  return new Map(
    (await trx.list(choices, {})).map(({ code, bonus, accumulation }) => [
      code,
      { bonus: termOf(bonus), accumulation: termOf(accumulation) },
    ]),
  );
}
