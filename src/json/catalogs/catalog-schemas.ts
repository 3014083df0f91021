// Bodies of the catalogs: card kinds and rules of life.
import { z } from 'zod';
import { cardPurposes } from '../../ledger/card.ts';
import type { DiscountScheme } from '../../ledger/discount.ts';
import { formatDelay, formatLife, parseDelay, parseLife } from '../../ledger/life-rule.ts';
import { formatSum } from '../../ledger/money.ts';
import type { CountedCardKind } from '../../operations/catalogs/list-card-kinds.ts';
import type { ChosenLifeRule } from '../../operations/catalogs/list-life-rules.ts';
import { count, formatPercent, oneOf, percent, percentOut, sum, sumOut } from '../scalars.ts';

const ruleCode = z.string({ error: 'код правила жизни или null' });
const name = z.string({ error: 'текст' });

const discountOut = z
  .discriminatedUnion('sort', [
    z.strictObject({ sort: z.literal('none') }),
    z.strictObject({ sort: z.literal('fixed'), percent: percentOut }),
    z.strictObject({
      sort: z.literal('scale'),
      steps: z.array(z.strictObject({ accumulationSum: sumOut, receiptCount: z.int(), percent: percentOut })),
    }),
  ])
  .meta({ id: 'Discount' });

const step = z.strictObject({ accumulationSum: sum, receiptCount: count, percent }).transform((one) => ({
  accumulationKopecks: one.accumulationSum,
  receipts: one.receiptCount,
  percentHundredths: one.percent,
}));

const discount = z
  .discriminatedUnion(
    'sort',
    [
      z.strictObject({ sort: z.literal('none') }),
      z.strictObject({ sort: z.literal('fixed'), percent }),
      z.strictObject({ sort: z.literal('scale'), steps: z.array(step).min(1, { error: 'хотя бы одна ступень' }) }),
    ],
    { error: 'скидка с sort none, fixed или scale' },
  )
  .meta({ id: 'DiscountChange' })
  .transform((given): DiscountScheme =>
    given.sort === 'fixed' ? { sort: 'fixed', percentHundredths: given.percent } : given,
  );

export const cardKindChange = z
  .strictObject({
    name: name.optional(),
    purpose: oneOf(cardPurposes).optional(),
    discount: discount.optional(),
    maxRedeemPercent: percent.nullable().optional(),
    accrualPercent: percent.nullable().optional(),
    bonusRule: ruleCode.nullable().optional(),
    accumulationRule: ruleCode.nullable().optional(),
  })
  .meta({ id: 'CardKindChange', description: 'Чего нет, остаётся как было. У нового вида нужно имя' });

export const cardKind = z
  .strictObject({
    code: z.string(),
    name: z.string(),
    purpose: z.enum(cardPurposes),
    discount: discountOut,
    maxRedeemPercent: percentOut.nullable(),
    accrualPercent: percentOut.nullable(),
    bonusRule: z.string().nullable(),
    accumulationRule: z.string().nullable(),
    cards: z.int().meta({ description: 'Сколько карт этого вида' }),
  })
  .meta({ id: 'CardKind' });

export const cardKinds = z.strictObject({ kinds: z.array(cardKind) }).meta({ id: 'CardKinds' });

export function showCardKind(kind: CountedCardKind): z.input<typeof cardKind> {
  const { maxRedeemPercentHundredths: greatest, accrualPercentHundredths: accrual } = kind;
  return {
    code: kind.code,
    name: kind.name,
    purpose: kind.purpose,
    discount: showDiscount(kind.discount),
    maxRedeemPercent: greatest === null ? null : formatPercent(greatest),
    accrualPercent: accrual === null ? null : formatPercent(accrual),
    bonusRule: kind.bonusRuleCode,
    accumulationRule: kind.accumulationRuleCode,
    cards: kind.cards,
  };
}

function showDiscount(scheme: DiscountScheme): z.input<typeof discountOut> {
  switch (scheme.sort) {
    case 'none':
      return { sort: 'none' };
    case 'fixed':
      return { sort: 'fixed', percent: formatPercent(scheme.percentHundredths) };
    case 'scale':
      return {
        sort: 'scale',
        steps: scheme.steps.map(({ accumulationKopecks, receipts, percentHundredths }) => ({
          accumulationSum: formatSum(accumulationKopecks),
          receiptCount: receipts,
          percent: formatPercent(percentHundredths),
        })),
      };
  }
}

/** A text that the ledger parses. */
function parsed<T>(parse: (text: string) => T | undefined, expected: string) {
  return z
    .string({ error: expected })
    .refine((text) => parse(text) !== undefined, { error: expected })
    .transform((text) => parse(text) as T);
}

const aLife =
  'unlimited, days:20, months:6, years:1, end_of_month:0, end_of_quarter:0, end_of_year:0 или fixed_date:2027-01-01';
const aDelay = 'none, days:14, months:1 или next_month';

export const lifeRuleChange = z
  .strictObject({
    name: name.optional(),
    register: oneOf(['bonus', 'accumulation']).optional(),
    life: parsed(parseLife, aLife).meta({ description: aLife }).optional(),
    delay: parsed(parseDelay, aDelay).meta({ description: aDelay }).optional(),
    lifeFrom: oneOf(['credit', 'operation']).optional(),
  })
  .meta({
    id: 'LifeRuleChange',
    description: 'Чего нет, остаётся как было. Новому правилу нужны register, name и life',
  });

export const lifeRule = z
  .strictObject({
    code: z.string(),
    name: z.string(),
    register: z.enum(['bonus', 'accumulation']),
    life: z.string(),
    delay: z.string(),
    lifeFrom: z.enum(['credit', 'operation']),
    kinds: z.array(z.string()).meta({ description: 'Виды карт, которые его выбрали' }),
  })
  .meta({ id: 'LifeRule' });

export const lifeRules = z.strictObject({ rules: z.array(lifeRule) }).meta({ id: 'LifeRules' });

export function showLifeRule(rule: ChosenLifeRule): z.input<typeof lifeRule> {
  const { code, name: ownName, register, life, delay, lifeFrom, kinds } = rule;
  return {
    code,
    name: ownName,
    register,
    life: formatLife(life),
    delay: formatDelay(delay),
    lifeFrom,
    kinds: [...kinds],
  };
}
