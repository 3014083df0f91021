// `kkm rules`: the rules of life, by which an accrual is credited and what is left of it written off.
import {
  formatDelay,
  formatLife,
  parseDelay,
  parseLife,
  type Delay,
  type Life,
  type LifeRule,
} from '../../ledger/life-rule.ts';
import { listLifeRules } from '../../operations/catalogs/list-life-rules.ts';
import { removeLifeRule } from '../../operations/catalogs/remove-life-rule.ts';
import { saveLifeRule, type LifeRuleChange } from '../../operations/catalogs/save-life-rule.ts';
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
import { describeRemoved, describeSaved } from '../describe-change.ts';
import { withInfobase } from '../open-infobase.ts';
import { readOneOf } from '../read-word-flag.ts';
import { refusedBy } from '../refused-by.ts';
import { writeList } from '../write-list.ts';

const lives =
  'unlimited, days:20, months:6, years:1, end_of_month:0, end_of_quarter:0, end_of_year:0, fixed_date:2027-01-01';
const delays = 'none, days:14, months:1, next_month';

const list = defineCommand({
  usage: '',
  about: 'lists the rules of life, with the card kinds that use them',
  flags: commonFlags,
  run: ({ flags }, io) =>
    withInfobase(io, flags, 'existing', async (infobase) => {
      const entries = await listLifeRules(infobase);
      return writeList(io, flags, {
        entries,
        heading: ['code', 'name', 'register', 'delay', 'life', 'life from', 'kinds'],
        showRow: ({ code, name, register, delay, life, lifeFrom, kinds }) => {
          return [code, name, register, formatDelay(delay), formatLife(life), lifeFrom, kinds.join(', ')];
        },
        none: `infobase "${infobase.name}" has no rules of life: accruals never expire`,
        json: entries.map(({ kinds, ...rule }) => ({ ...describeRule(rule), kinds })),
      });
    }),
});

const set = defineCommand({
  usage:
    'CODE --register bonus|accumulation --name TEXT --life LIFE [--delay none|days:14|months:1|next_month] ' +
    '[--life-from credit|operation]',
  about: 'adds a rule of life, or changes the given fields of an existing one; earlier accruals keep their dates',
  notes: [
    `LIFE: ${lives}.`,
    'The night of the write-off date writes the sum off: it can be spent up to the day before. months:1 is the same day of',
    'the next month, or its last day; end_of_month:0 is the 1st of the next month.',
    'Give a card kind its rules with kkm kinds set CODE --bonus-rule CODE --accumulation-rule CODE.',
  ],
  takes: ['CODE'],
  flags: {
    register: { takes: 'REGISTER', about: 'bonus, or accumulation: the accumulation sum and the receipt count' },
    name: { takes: 'TEXT', about: 'its name' },
    life: { takes: 'LIFE', about: 'how long an accrual is valid; a new rule needs it' },
    delay: { takes: 'DELAY', about: `when it is credited: ${delays} (default none)` },
    'life-from': { takes: 'FROM', about: 'what LIFE is counted from: credit (default) or operation' },
    ...dryRunFlag,
    ...commonFlags,
  },
  run: ({ flags, values: [code = ''] }, io) => {
    const change: LifeRuleChange = {
      code,
      ...(flags.register === undefined
        ? {}
        : { register: readOneOf('--register', flags.register, ['bonus', 'accumulation']) }),
      ...(flags.name === undefined ? {} : { name: flags.name }),
      ...(flags.life === undefined ? {} : { life: readLife(flags.life) }),
      ...(flags.delay === undefined ? {} : { delay: readDelay(flags.delay) }),
      ...(flags['life-from'] === undefined
        ? {}
        : { lifeFrom: readOneOf('--life-from', flags['life-from'], ['credit', 'operation']) }),
    };
    const isDryRun = flags['dry-run'];
    return withInfobase(io, flags, isDryRun ? 'existing' : 'existing or new', async (infobase, clock) => {
      const outcome = await saveLifeRule(infobase, clock.now(), change, { isDryRun });
      if (!outcome.ok) throw refusedBy(outcome, flagNames);
      const { isNew, rule, kinds } = outcome;
      const done = describeSaved(`rule of life "${code}"`, isNew, isDryRun);
      return answer(io, flags, {
        json: { ...describeRule(rule), kinds, isNew, isDryRun },
        lines: [`${done}: ${showTerms(rule)}`, ...(isNew ? [] : ['earlier accruals keep their dates'])],
      });
    });
  },
});

const remove = defineCommand({
  usage: 'CODE',
  about: 'removes a rule of life that no card kind uses',
  takes: ['CODE'],
  flags: { ...dryRunFlag, ...commonFlags },
  run: ({ flags, values: [code = ''] }, io) =>
    withInfobase(io, flags, 'existing', async (infobase) => {
      const isDryRun = flags['dry-run'];
      const outcome = await removeLifeRule(infobase, code, { isDryRun });
      if (outcome.sort === 'unknown') {
        throw new CommandFailed(`there is no rule of life "${code}"`, { code: 'not_found', field: 'CODE' });
      }
      if (outcome.sort === 'used') {
        const kinds = outcome.kinds.join(', ');
        throw new CommandFailed(`rule of life "${code}" was not removed: card kinds use it (${kinds})`);
      }
      const lines = describeRemoved(`rule of life "${code}"`, isDryRun);
      return answer(io, flags, { json: { code, isRemoved: !isDryRun, isDryRun }, lines });
    }),
});

export function rules(args: string[], io: CommandIo): Promise<number> {
  return runGroup('kkm rules', { list, set, remove }, args, io);
}

const flagNames: Readonly<Record<keyof LifeRule, string>> = {
  code: 'CODE',
  name: '--name',
  register: '--register',
  delay: '--delay',
  life: '--life',
  lifeFrom: '--life-from',
};

function readLife(text: string): Life {
  const life = parseLife(text);
  if (life === undefined) throw expected('--life', `one such as ${lives}`, text);
  return life;
}

function readDelay(text: string): Delay {
  const delay = parseDelay(text);
  if (delay === undefined) throw expected('--delay', `one such as ${delays}`, text);
  return delay;
}

function describeRule({ delay, life, ...rule }: LifeRule): object {
  return { ...rule, delay: formatDelay(delay), life: formatLife(life) };
}

function showTerms({ name, register, delay, life, lifeFrom }: LifeRule): string {
  return `"${name}", ${register}, delay ${formatDelay(delay)}, life ${formatLife(life)} from the ${lifeFrom}`;
}
