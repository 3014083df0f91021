// `kkm infobase`: the infobases of the data folder; test infobases, with a clock of their own, are made and removed here.
import { existsSync } from 'node:fs';
import { systemClock } from '../../clock.ts';
import { databaseFile, infobaseNames, type Config } from '../../config.ts';
import { makeDataFolder } from '../../data-folder.ts';
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import { describeInfobase, type InfobaseDescription } from '../../operations/admin/describe-infobase.ts';
import { giveTestClock } from '../../operations/admin/move-clock.ts';
import { removeInfobase } from '../../operations/admin/remove-infobase.ts';
import { answer } from '../answer.ts';
import {
  CommandFailed,
  commonFlags,
  defineCommand,
  dryRunFlag,
  expected,
  runGroup,
  UsageMistake,
  type CommandIo,
} from '../command-io.ts';
import { countOf } from '../../ledger/count-of.ts';
import { actAtCommandLine, listInfobases, openDatabase, readCommandConfig } from '../open-infobase.ts';
import { readMoment } from '../read-date-flag.ts';
import { writeList } from '../write-list.ts';

const { infobase: _, ...folderFlags } = commonFlags;

const create = defineCommand({
  usage: 'NAME [--test [--at DATETIME]]',
  about: 'makes the database of an infobase; with --test, of one that has a clock of its own',
  notes: [
    "A test infobase's clock stands still until kkm clock moves it, and moves forward only. An ordinary infobase keeps the",
    "machine's time. The service serves the infobases that KKM_INFOBASES names when it starts.",
  ],
  takes: ['NAME'],
  flags: {
    test: { about: 'a test infobase' },
    at: {
      takes: 'DATETIME',
      about: "the time of its clock: 2026-01-01T12:00:00 or 01.01.2026 12:00 (default: the machine's time)",
    },
    ...dryRunFlag,
    ...folderFlags,
  },
  run: async ({ flags, values: [name = ''] }, io) => {
    if (!infobaseNames.isValid(name)) throw expected('NAME', infobaseNames.expected, name);
    if (flags.at !== undefined && !flags.test) {
      throw new UsageMistake('--at: only a test infobase has a clock (--test)', '--at');
    }
    const config = readCommandConfig(io, { ...flags, infobase: undefined });
    const testNow = flags.test ? (readMoment('--at', flags.at, config) ?? systemClock(config.timeZone).now()) : null;
    const file = databaseFile(config, name);
    if (existsSync(file)) throw new CommandFailed(`there is an infobase "${name}" already (${file})`);
    if (!flags['dry-run']) await makeDatabase(config, name, testNow);
    const isServed = config.infobases.includes(name);
    const clock = testNow === null ? '' : `, a test infobase, its clock stands at ${testNow}`;
    const served = `to serve it: KKM_INFOBASES=${[...config.infobases, name].join(',')}`;
    return answer(io, flags, {
      json: { name, file, testNow, isServed, isDryRun: flags['dry-run'] },
      lines: [
        `infobase "${name}" ${flags['dry-run'] ? 'would be ' : ''}made (${file})${clock}`,
        ...(isServed ? [] : [served]),
      ],
    });
  },
});

const list = defineCommand({
  usage: '',
  about: 'lists the infobases of the data folder and of KKM_INFOBASES',
  flags: folderFlags,
  run: async ({ flags }, io) => {
    const config = readCommandConfig(io, { ...flags, infobase: undefined });
    const names = [...new Set([...config.infobases, ...listInfobases(config)])];
    const entries: Found[] = [];
    for (const name of names) entries.push(await lookAt(config, name));
    return writeList(io, flags, { entries, heading, showRow: show, none: 'there are no infobases' });
  },
});

const remove = defineCommand({
  usage: 'NAME [--confirm NAME]',
  about: 'deletes an infobase with everything in it; no service may have it open',
  takes: ['NAME'],
  flags: {
    confirm: { takes: 'NAME', about: 'its name again: needed for an infobase that is not a test one' },
    ...dryRunFlag,
    ...folderFlags,
  },
  run: async ({ flags, values: [name = ''] }, io) => {
    const config = readCommandConfig(io, { ...flags, infobase: undefined });
    // A name from outside becomes a path only where it is one of the folder's own.
    if (!listInfobases(config).includes(name)) {
      throw new CommandFailed(`infobase "${name}" has no database`, { code: 'not_found', field: 'NAME' });
    }
    if (flags.confirm !== undefined && flags.confirm !== name) {
      throw expected('--confirm', `"${name}" again`, flags.confirm);
    }
    const file = databaseFile(config, name);
    const { description } = await lookAt(config, name);
    if (flags.confirm === undefined && (description === null || description.testNow === null)) {
      const what =
        description === null ? 'cannot be read' : `is ordinary and has ${countOf(description.cards, 'card')}`;
      const message = `--confirm ${name} is missing: infobase "${name}" ${what}, and cannot be restored once removed`;
      throw new UsageMistake(message, '--confirm');
    }
    if (removeInfobase(file, flags['dry-run']) === 'open') {
      throw new CommandFailed(`infobase "${name}" is open: stop its service first`);
    }
    if (config.infobases.includes(name))
      io.err(`KKM_INFOBASES still names "${name}": the next start of the service makes it again`);
    return answer(io, flags, {
      json: { name, file, isDryRun: flags['dry-run'] },
      lines: `infobase "${name}" ${flags['dry-run'] ? 'would be ' : ''}removed (${file})`,
    });
  },
});

export function infobase(args: string[], io: CommandIo): Promise<number> {
  return runGroup('kkm infobase', { create, list, remove }, args, io);
}

async function makeDatabase(config: Config, name: string, testNow: LocalDateTime | null): Promise<void> {
  await makeDataFolder(config.dataDir);
  const made = await openDatabase(config, name);
  try {
    if (testNow !== null) await giveTestClock(actAtCommandLine(made), testNow);
  } finally {
    await made.close();
  }
}

interface Found {
  readonly name: string;
  readonly isServed: boolean;
  /** Null where there is no database yet, or none that can be read. */
  readonly description: InfobaseDescription | null;
  readonly trouble: string | null;
}

async function lookAt(config: Config, name: string): Promise<Found> {
  const isServed = config.infobases.includes(name);
  const file = databaseFile(config, name);
  if (!existsSync(file)) return { name, isServed, description: null, trouble: 'no database yet' };
  try {
    const opened = await openDatabase(config, name);
    try {
      return { name, isServed, description: await describeInfobase(opened), trouble: null };
    } finally {
      await opened.close();
    }
  } catch (reason) {
    return { name, isServed, description: null, trouble: (reason as Error).message };
  }
}

const heading = ['name', 'served', 'type', 'clock', 'stage', 'last night', 'cards'];

function show({ name, isServed, description, trouble }: Found): string[] {
  const served = isServed ? 'yes' : 'no';
  if (description === null) return [name, served, trouble ?? ''];
  const { testNow, stage, lastNightOn, cards } = description;
  const sort = testNow === null ? 'ordinary' : 'test';
  return [name, served, sort, testNow ?? "the machine's", stage, lastNightOn ?? '-', String(cards)];
}
