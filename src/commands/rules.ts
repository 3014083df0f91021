// `kkm rules`: the rules of life, by which an accrual is credited and what is left of it written off.
import {
  formatDelay,
  formatLife,
  parseDelay,
  parseLife,
  type Delay,
  type Life,
  type LifeRegister,
  type LifeRule,
} from '../ledger/life-rule.ts';
import { listLifeRules } from '../operations/list-life-rules.ts';
import { removeLifeRule } from '../operations/remove-life-rule.ts';
import { saveLifeRule, type LifeRuleChange } from '../operations/save-life-rule.ts';
import {
  CommandFailed,
  commonFlags,
  defineCommand,
  dryRunFlag,
  runGroup,
  UsageMistake,
  type CommandIo,
} from './command-io.ts';
import { formatTable } from './format-table.ts';
import { withInfobase } from './open-infobase.ts';

const lives =
  'unlimited, days:20, months:6, years:1, end_of_month:0, end_of_quarter:0, end_of_year:0, fixed_date:2027-01-01';
const delays = 'none, days:14, months:1, next_month';

const list = defineCommand({
  usage: '',
  about: 'lists the rules of life, with the card kinds that have chosen them',
  flags: commonFlags,
  run: ({ flags }, io) =>
    withInfobase(io, flags, 'existing', async (infobase) => {
      const known = await listLifeRules(infobase);
      if (flags.json) {
        io.out(
          JSON.stringify(
            known.map(({ kinds, ...rule }) => ({ ...describeRule(rule), kinds })),
            null,
            2,
          ),
        );
        return 0;
      }
      if (known.length === 0) io.out(`infobase "${infobase.name}" has no rules of life: every accrual lives for ever`);
      const rows = known.map(({ kinds, ...rule }) => [
        rule.code,
        rule.name,
        rule.register,
        formatDelay(rule.delay),
        formatLife(rule.life),
        rule.lifeFrom,
        kinds.join(', '),
      ]);
      const heading = ['code', 'name', 'register', 'delay', 'life', 'life from', 'kinds'];
      if (rows.length > 0) for (const line of formatTable(heading, rows)) io.out(line);
      return 0;
    }),
});

const set = defineCommand({
  usage:
    'CODE --register bonus|accumulation --name TEXT --life LIFE [--delay none|days:14|months:1|next_month] ' +
    '[--life-from credit|operation]',
  about: 'adds a rule of life, or changes what is named of a known one; accruals made before keep their dates',
  notes: [
    `LIFE: ${lives}.`,
    'The sum is written off by the night of its write-off date: the day before is the last it can be spent. months:1 is',
    'the same day of the next month, or its last day; end_of_month:0 is the 1st of the next month.',
    'A card kind chooses its rules by kkm kinds set CODE --bonus-rule CODE --accumulation-rule CODE.',
  ],
  takes: ['CODE'],
  flags: {
    register: { takes: 'REGISTER', about: 'bonus, or accumulation: the accumulation sum and the receipt count' },
    name: { takes: 'TEXT', about: 'name shown to people' },
    life: { takes: 'LIFE', about: 'how long an accrual lives; a new rule needs it' },
    delay: { takes: 'DELAY', about: `when it is credited: ${delays} (default none)` },
    'life-from': { takes: 'FROM', about: 'the life is counted from the credit (default) or from the operation' },
    ...dryRunFlag,
    ...commonFlags,
  },
  run: ({ flags, values: [code = ''] }, io) => {
    const change: LifeRuleChange = {
      code,
      ...(flags.register === undefined ? {} : { register: readRegister(flags.register) }),
      ...(flags.name === undefined ? {} : { name: flags.name }),
      ...(flags.life === undefined ? {} : { life: readLife(flags.life) }),
      ...(flags.delay === undefined ? {} : { delay: readDelay(flags.delay) }),
      ...(flags['life-from'] === undefined ? {} : { lifeFrom: readLifeFrom(flags['life-from']) }),
    };
    const isDryRun = flags['dry-run'];
    return withInfobase(io, flags, isDryRun ? 'existing' : 'existing or new', async (infobase, clock) => {
      const outcome = await saveLifeRule(infobase, clock.now(), change, isDryRun);
      if (!outcome.ok) throw new CommandFailed(`${flagNames[outcome.field]}: ${outcome.why}`);
      const { isNew, rule, kinds } = outcome;
      if (flags.json) io.out(JSON.stringify({ ...describeRule(rule), kinds, isNew, isDryRun }, null, 2));
      else {
        const done = isNew ? 'added' : 'changed';
        io.out(`rule of life "${code}" ${isDryRun ? `would be ${done}` : done}: ${showTerms(rule)}`);
        if (!isNew && !isDryRun) io.out('accruals made before keep their dates');
      }
      return 0;
    });
  },
});

const remove = defineCommand({
  usage: 'CODE',
  about: 'removes a rule of life that no card kind has chosen',
  takes: ['CODE'],
  flags: commonFlags,
  run: ({ flags, values: [code = ''] }, io) =>
    withInfobase(io, flags, 'existing', async (infobase) => {
      const outcome = await removeLifeRule(infobase, code);
      if (outcome.sort === 'unknown') throw new CommandFailed(`there is no rule of life "${code}"`);
      if (outcome.sort === 'used') {
        const kinds = outcome.kinds.join(', ');
        throw new CommandFailed(`rule of life "${code}" stays: card kinds have chosen it (${kinds})`);
      }
      io.out(flags.json ? JSON.stringify({ code, isRemoved: true }, null, 2) : `rule of life "${code}" removed`);
      return 0;
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

function readRegister(text: string): LifeRegister {
  if (text === 'bonus' || text === 'accumulation') return text;
  throw new UsageMistake(`--register: expected bonus or accumulation, got "${text}"`);
}

function readLife(text: string): Life {
  const life = parseLife(text);
  if (life === undefined) throw new UsageMistake(`--life: expected one such as ${lives}; got "${text}"`);
  return life;
}

function readDelay(text: string): Delay {
  const delay = parseDelay(text);
  if (delay === undefined) throw new UsageMistake(`--delay: expected one such as ${delays}; got "${text}"`);
  return delay;
}

function readLifeFrom(text: string): LifeRule['lifeFrom'] {
  if (text === 'credit' || text === 'operation') return text;
  throw new UsageMistake(`--life-from: expected credit or operation, got "${text}"`);
}

function describeRule({ delay, life, ...rule }: LifeRule): object {
  return { ...rule, delay: formatDelay(delay), life: formatLife(life) };
}

function showTerms({ name, register, delay, life, lifeFrom }: LifeRule): string {
  return `"${name}", ${register}, delay ${formatDelay(delay)}, life ${formatLife(life)} from the ${lifeFrom}`;
}
