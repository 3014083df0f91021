// `kkm kinds`: the card kinds, what discount they give and what share of a receipt they may pay.
import { cardPurposes, type CardKind } from '../../ledger/card.ts';
import { parsePercent, type DiscountScheme } from '../../ledger/discount.ts';
import { listCardKinds } from '../../operations/catalogs/list-card-kinds.ts';
import { scaleFields, ScaleSheet } from '../../operations/catalogs/read-discount-scale.ts';
import { readWholeTable } from '../../tables/read-table.ts';
import { removeCardKind } from '../../operations/catalogs/remove-card-kind.ts';
import { countOf } from '../../ledger/count-of.ts';
import { saveCardKind, type CardKindChange } from '../../operations/catalogs/save-card-kind.ts';
import { noRule } from '../../operations/catalogs/save-life-rule.ts';
import { answer } from '../answer.ts';
import {
  CommandFailed,
  commonFlags,
  defineCommand,
  dryRunFlag,
  expected,
  runGroup,
  type CommandIo,
} from '../command-io.ts';
import { describeDiscount, formatDiscount, formatPercent } from '../format-figures.ts';
import { formatSum } from '../../ledger/money.ts';
import { formatTable } from '../format-table.ts';
import { describeRemoved, describeSaved } from '../describe-change.ts';
import { withInfobase } from '../open-infobase.ts';
import {
  describeTable,
  openTable,
  readTableFlags,
  refuseTableFlags,
  reportMistakes,
  tableFlags,
  type TableFlags,
} from '../read-table-file.ts';
import { readPercent } from '../read-number-flag.ts';
import { readOneOf } from '../read-word-flag.ts';
import { refusedBy } from '../refused-by.ts';

const list = defineCommand({
  usage: '',
  about: 'lists the card kinds, with the steps of their scales',
  flags: commonFlags,
  run: ({ flags }, io) =>
    withInfobase(io, flags, 'existing', async (infobase) => {
      const known = await listCardKinds(infobase);
      const rows = known.map(({ cards, ...kind }) => [...showKind(kind), String(cards)]);
      const steps = known.flatMap(({ code, discount }) => showSteps(code, discount));
      return answer(io, flags, {
        json: known.map(({ cards, ...kind }) => ({ ...describeKind(kind), cards })),
        lines:
          rows.length === 0
            ? `infobase "${infobase.name}" has no card kinds`
            : [...formatTable(heading, rows), ...steps],
      });
    }),
});

const heading = [
  'code',
  'name',
  'purpose',
  'discount',
  'max redeem %',
  'accrual %',
  'bonus rule',
  'accumulation rule',
  'cards',
];

const set = defineCommand({
  usage:
    'CODE --name TEXT [--purpose discount|payment] [--discount none|fixed:5|scale:FILE] ' +
    '[--max-redeem-percent 30] [--accrual-percent 5] [--bonus-rule CODE] [--accumulation-rule CODE]',
  about: 'adds a card kind, or changes the given fields of an existing one',
  notes: [
    'scale:FILE is a table with the columns accumulation;receipts;percent («Сумма накопления», «Количество чеков»,',
    '«Процент скидки»): a step counts when both its thresholds are reached; the best of them is taken.',
    'none removes a percent or a rule. A payment kind has no accrual percent; its cards have no accumulation sum and no',
    'receipt count. A change of the purpose is for later receipts only.',
    'Without a rule of life (kkm rules) accruals are credited at once and never expire. Earlier accruals keep their dates.',
  ],
  takes: ['CODE'],
  flags: {
    name: { takes: 'TEXT', about: 'name shown to cashiers; a new kind needs it' },
    purpose: { takes: 'PURPOSE', about: 'discount (default) or payment: a card that holds money' },
    discount: { takes: 'SCHEME', about: 'none (default), fixed:PERCENT or scale:FILE' },
    'max-redeem-percent': { takes: 'N', about: 'largest share of a receipt that bonus may pay, 0 to 100, or none' },
    'accrual-percent': { takes: 'N', about: 'bonus percent that is sent to the till, 0 to 100, or none' },
    'bonus-rule': { takes: 'CODE', about: 'rule of life of bonus, or none' },
    'accumulation-rule': { takes: 'CODE', about: 'rule of life of the accumulation sum and receipt count, or none' },
    ...tableFlags,
    ...dryRunFlag,
    ...commonFlags,
  },
  run: async ({ flags, values: [code = ''] }, io) => {
    const discount = await readDiscount(flags.discount, flags, io);
    if (discount !== undefined && 'mistakes' in discount) {
      return reportMistakes(discount.file, discount.mistakes, flags.json, io);
    }
    const change: CardKindChange = {
      code,
      ...(flags.name === undefined ? {} : { name: flags.name }),
      ...(flags.purpose === undefined ? {} : { purpose: readOneOf('--purpose', flags.purpose, cardPurposes) }),
      ...(discount === undefined ? {} : { discount }),
      ...readShare('max-redeem-percent', flags['max-redeem-percent'], 'maxRedeemPercentHundredths'),
      ...readShare('accrual-percent', flags['accrual-percent'], 'accrualPercentHundredths'),
      ...readRule(flags['bonus-rule'], 'bonusRuleCode'),
      ...readRule(flags['accumulation-rule'], 'accumulationRuleCode'),
    };
    const isDryRun = flags['dry-run'];
    return withInfobase(io, flags, isDryRun ? 'existing' : 'existing or new', async (infobase) => {
      const outcome = await saveCardKind(infobase, change, { isDryRun });
      if (!outcome.ok) throw refusedBy(outcome, flagNames);
      const { isNew, kind } = outcome;
      const done = describeSaved(`card kind "${code}"`, isNew, isDryRun);
      return answer(io, flags, {
        json: { ...describeKind(kind), isNew, isDryRun },
        lines: `${done}: ${showTerms(kind)}`,
      });
    });
  },
});

const remove = defineCommand({
  usage: 'CODE',
  about: 'removes a card kind that has no cards',
  takes: ['CODE'],
  flags: { ...dryRunFlag, ...commonFlags },
  run: ({ flags, values: [code = ''] }, io) =>
    withInfobase(io, flags, 'existing', async (infobase) => {
      const isDryRun = flags['dry-run'];
      const outcome = await removeCardKind(infobase, code, { isDryRun });
      if (outcome.sort === 'unknown') {
        throw new CommandFailed(`there is no card kind "${code}"`, { code: 'not_found', field: 'CODE' });
      }
      if (outcome.sort === 'used') {
        const why = `it has ${countOf(outcome.cards, 'card')}`;
        throw new CommandFailed(
          `card kind "${code}" was not removed (${why}); kkm cards set --where kind=${code} kind=OTHER`,
        );
      }
      const lines = describeRemoved(`card kind "${code}"`, isDryRun);
      return answer(io, flags, { json: { code, isRemoved: !isDryRun, isDryRun }, lines });
    }),
});

export function kinds(args: string[], io: CommandIo): Promise<number> {
  return runGroup('kkm kinds', { list, set, remove }, args, io);
}

const flagNames: Readonly<Record<keyof CardKind, string>> = {
  code: 'CODE',
  name: '--name',
  purpose: '--purpose',
  discount: '--discount',
  maxRedeemPercentHundredths: '--max-redeem-percent',
  accrualPercentHundredths: '--accrual-percent',
  bonusRuleCode: '--bonus-rule',
  accumulationRuleCode: '--accumulation-rule',
};

type MistakesOf = { readonly file: string; readonly mistakes: Parameters<typeof reportMistakes>[1] };

async function readDiscount(
  text: string | undefined,
  flags: TableFlags & { readonly json: boolean },
  io: CommandIo,
): Promise<DiscountScheme | MistakesOf | undefined> {
  if (text?.startsWith('scale:') !== true) refuseTableFlags(flags, '--discount scale:FILE');
  if (text === undefined) return undefined;
  if (text === 'none') return { sort: 'none' };
  const [, sort, rest = ''] = /^(fixed|scale):(.+)$/s.exec(text) ?? [];
  if (sort === 'fixed') {
    const percentHundredths = parsePercent(rest);
    if (percentHundredths !== undefined) return { sort, percentHundredths };
  }
  if (sort === 'scale') {
    const choice = await readTableFlags(flags, scaleFields);
    const sheet = new ScaleSheet(choice.columns);
    const table = await openTable(rest, choice, sheet.reader);
    const mistakes = await readWholeTable(sheet, table.rows);
    if (mistakes.length > 0) return { file: rest, mistakes };
    for (const line of describeTable(rest, table, sheet.reader.leftOut)) io.err(line);
    return { sort, steps: sheet.steps };
  }
  throw expected('--discount', 'none, fixed:PERCENT (0 to 100) or scale:FILE', text);
}

type PercentField = 'maxRedeemPercentHundredths' | 'accrualPercentHundredths';

function readShare(flag: string, text: string | undefined, field: PercentField): Partial<CardKind> {
  if (text === undefined) return {};
  return { [field]: text === 'none' ? null : readPercent(`--${flag}`, text, ', or none') };
}

function readRule(text: string | undefined, field: 'bonusRuleCode' | 'accumulationRuleCode'): Partial<CardKind> {
  return text === undefined ? {} : { [field]: text === noRule ? null : text };
}

function describeKind(kind: CardKind): object {
  const { code, name, purpose, discount, maxRedeemPercentHundredths, accrualPercentHundredths } = kind;
  return {
    code,
    name,
    purpose,
    discount: describeDiscount(discount),
    maxRedeemPercent: describePercent(maxRedeemPercentHundredths),
    accrualPercent: describePercent(accrualPercentHundredths),
    bonusRule: kind.bonusRuleCode,
    accumulationRule: kind.accumulationRuleCode,
  };
}

function describePercent(hundredths: number | null): string | null {
  return hundredths === null ? null : formatPercent(hundredths);
}

function showKind(kind: CardKind): string[] {
  return [
    kind.code,
    kind.name,
    kind.purpose,
    formatDiscount(kind.discount),
    formatPercent(kind.maxRedeemPercentHundredths),
    formatPercent(kind.accrualPercentHundredths),
    kind.bonusRuleCode ?? 'none',
    kind.accumulationRuleCode ?? 'none',
  ];
}

function showTerms(kind: CardKind): string {
  const { name, purpose, discount, maxRedeemPercentHundredths, accrualPercentHundredths } = kind;
  const redeem = `max redeem ${formatPercent(maxRedeemPercentHundredths)}`;
  const accrual = `accrual ${formatPercent(accrualPercentHundredths)}`;
  const rules = `rules: bonus ${kind.bonusRuleCode ?? 'none'}, accumulation ${kind.accumulationRuleCode ?? 'none'}`;
  return `"${name}", ${purpose}, discount ${formatDiscount(discount)}, ${redeem}, ${accrual}, ${rules}`;
}

function showSteps(code: string, discount: DiscountScheme): string[] {
  if (discount.sort !== 'scale') return [];
  return discount.steps.map(
    ({ accumulationKopecks, receipts, percentHundredths }) =>
      `  ${code}: from ${formatSum(accumulationKopecks)} and ${countOf(receipts, 'receipt')}: ${formatPercent(percentHundredths)} %`,
  );
}
