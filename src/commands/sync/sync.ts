// `kkm sync`: «Синхронизация накоплений по ДК для Псевдо-Онлайн», and which tills have taken it.
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../../clock.ts';
import { nameRunner } from '../../jobs/name-runner.ts';
import { createSync, type SyncEnd } from '../../operations/sync/create-sync.ts';
import type { Infobase } from '../../operations/infobase.ts';
import { listSyncs, showSync, type SyncDocument } from '../../operations/sync/list-syncs.ts';
import { knowsCard } from '../../operations/cards/knows-card.ts';
import { CardNumberSheet } from '../../operations/cards/read-card-numbers.ts';
import { readWholeTable } from '../../tables/read-table.ts';
import { pauseMs } from '../cards/cards-range.ts';
import { answer } from '../answer.ts';
import {
  CommandFailed,
  commonFlags,
  defineCommand,
  dryRunFlag,
  runGroup,
  UsageMistake,
  type CommandIo,
} from '../command-io.ts';
import { countOf } from '../../ledger/count-of.ts';
import { formatTable } from '../format-table.ts';
import { withInfobase, type InfobaseFlags } from '../open-infobase.ts';
import {
  describeTable,
  openTable,
  readTableFlags,
  refuseTableFlags,
  reportMistakes,
  tableFlags,
  tableNotes,
} from '../read-table-file.ts';
import { readNumber } from '../read-number-flag.ts';
import { writeList } from '../write-list.ts';

const create = defineCommand({
  usage: '[NUMBER... | --cards FILE]',
  about: 'posts a document with all cards, or with those given; tills then fetch its packages',
  notes: [
    'First run kkm settings set acceptCards false, and load every shift report (kkm receipts load); what is missing is',
    'shown. Afterwards run kkm settings set acceptCards true.',
    ...tableNotes,
    'Its column: number («Номер карты»); --ignore-columns leaves out the others.',
  ],
  takes: ['[NUMBER]...'],
  flags: {
    cards: { takes: 'FILE', about: 'a table file with the card numbers' },
    ...tableFlags,
    ...dryRunFlag,
    ...commonFlags,
  },
  run: async ({ flags, values }, io) => {
    const { cards: file } = flags;
    if (file === undefined) {
      refuseTableFlags(flags, '--cards');
      const lines = new Map(values.map((number) => [number, undefined]));
      return withInfobase(io, flags, 'existing', (infobase, clock) => createOf(infobase, clock, lines, flags, io));
    }
    if (values.length > 0) throw new UsageMistake('--cards and the numbers of cards exclude each other', '--cards');
    const choice = await readTableFlags(flags, ['number']);
    const sheet = new CardNumberSheet(choice.columns);
    const table = await openTable(file, choice, sheet.reader);
    return withInfobase(io, flags, 'existing', async (infobase, clock) => {
      const mistakes = await readWholeTable(sheet, table.rows, knowsCard(infobase));
      if (mistakes.length > 0) return reportMistakes(file, mistakes, flags.json, io);
      if (!flags.json) for (const line of describeTable(file, table, sheet.reader.leftOut)) io.err(line);
      return createOf(infobase, clock, sheet.lines, flags, io);
    });
  },
});

interface CreateFlags extends InfobaseFlags {
  readonly cards: string | undefined;
  readonly 'dry-run': boolean;
  readonly json: boolean;
}

/** @param lines the cards, each with its line of the file that lists them. */
async function createOf(
  infobase: Infobase,
  clock: Clock,
  lines: ReadonlyMap<string, number | undefined>,
  flags: CreateFlags,
  io: CommandIo,
): Promise<number> {
  const isDryRun = flags['dry-run'];
  const end = await createSync(infobase, clock.now(), {
    cardNumbers: [...lines.keys()],
    holder: nameRunner(),
    readMs: Date.now,
    isDryRun,
    afterTurn: async (cards) => {
      io.showProgress?.(`cards: ${cards}`);
      await pause(pauseMs);
    },
  });
  io.showProgress?.('');
  if (end.code !== 'done') {
    for (const line of listMissing(end)) io.err(line);
    const line = end.code === 'unknown_card' ? lines.get(end.cardNumber) : undefined;
    const { code: why, ...rest } = end;
    throw new CommandFailed(`${line === undefined ? '' : `${flags.cards}: line ${line}: `}${explainEnd(end)}`, {
      code: why === 'held' ? 'held' : why === 'unknown_card' ? 'not_found' : 'refused',
      details: { infobase: infobase.name, reason: why, ...rest },
    });
  }
  const made = `${countOf(end.cards, 'card')}, ${describePackages(end)}`;
  return answer(io, flags, {
    json: { infobase: infobase.name, isDryRun, ...end },
    lines: isDryRun ? `ready: would sync ${made}` : `sync ${end.id}: ${made}`,
  });
}

const list = defineCommand({
  usage: '',
  about: 'lists the documents',
  flags: commonFlags,
  run: ({ flags }, io) =>
    withInfobase(io, flags, 'existing', async (infobase) => {
      const entries = await listSyncs(infobase);
      return writeList(io, flags, { entries, heading, showRow: showDocument, none: 'there are no syncs yet' });
    }),
});

const show = defineCommand({
  usage: 'NUMBER',
  about: 'shows which tills have fetched and confirmed a document, and which have not',
  takes: ['NUMBER'],
  flags: commonFlags,
  run: ({ flags, values: [number = ''] }, io) => {
    const id = readNumber('NUMBER', number, 'the number of a sync');
    return withInfobase(io, flags, 'existing', async (infobase) => {
      const found = await showSync(infobase, id);
      if (found === undefined) {
        const terms = { code: 'not_found', field: 'NUMBER' } as const;
        throw new CommandFailed(`there is no sync ${number} (kkm sync list)`, terms);
      }
      const tills = found.tills.map(({ kkm, state, fetchedVersion, confirmedVersion }) => {
        return [kkm, state, String(fetchedVersion), String(confirmedVersion)];
      });
      const none = ['no till takes part: kkm tills set KKM --synced yes'];
      const shown = tills.length === 0 ? none : formatTable(['till', 'state', 'fetched', 'confirmed'], tills);
      return answer(io, flags, {
        json: found,
        lines: [...formatTable(heading, [showDocument(found.document)]), ...shown],
      });
    });
  },
});

export function sync(args: string[], io: CommandIo): Promise<number> {
  return runGroup('kkm sync', { create, list, show }, args, io);
}

const heading = ['number', 'dated', 'of', 'cards', 'packages'];

function showDocument({ id, datedAt, isFull, cards, firstVersion, lastVersion }: SyncDocument): string[] {
  const packages = firstVersion === null ? 'none' : `${firstVersion} to ${lastVersion}`;
  return [String(id), datedAt, isFull ? 'all cards' : 'a list', String(cards), packages];
}

function describePackages({ firstVersion, lastVersion }: Extract<SyncEnd, { readonly code: 'done' }>): string {
  return firstVersion === null ? 'no package: there is nothing to fetch' : `packages ${firstVersion} to ${lastVersion}`;
}

type Refusal = Exclude<SyncEnd, { readonly code: 'done' }>;

const closedWhy = {
  exclusive: 'the infobase is in exclusive mode; nothing was posted',
  no_subscription: 'there is no extended subscription; nothing was posted',
  stage_changed: 'the stage was changed in the meantime; nothing was posted',
} as const;

function listMissing(end: Refusal): string[] {
  if (end.code !== 'not_ready') return [];
  return [
    ...(end.isAccepting ? ['cards are accepted on tills: kkm settings set acceptCards false'] : []),
    ...end.unreported.map(
      ({ kkm, shiftNumber, receiptOn, receipts }) =>
        `no report of till ${kkm}, shift ${shiftNumber}, ${receiptOn}: ${countOf(receipts, 'receipt')} came only online`,
    ),
  ];
}

function explainEnd(end: Refusal): string {
  switch (end.code) {
    case 'not_ready':
      return 'not ready; nothing was posted';
    case 'unknown_card':
      return `there is no card "${end.cardNumber}"; nothing was posted`;
    case 'closed':
      return closedWhy[end.why];
    case 'held':
      return 'another process is making a sync';
  }
}
