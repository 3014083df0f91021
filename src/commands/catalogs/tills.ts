// `kkm tills`: which shop a till stands in, and whether it takes part in pseudo-online sync.
import { listTills, listUnknownTills, removeTill, saveTill } from '../../operations/catalogs/shops.ts';
import { answer } from '../answer.ts';
import { commonFlags, defineCommand, dryRunFlag, runGroup, type CommandIo } from '../command-io.ts';
import { toOneLine } from '../format-table.ts';
import { describeRemoved, describeSaved } from '../describe-change.ts';
import { withInfobase } from '../open-infobase.ts';
import { readYes } from '../read-word-flag.ts';
import { refusedBy } from '../refused-by.ts';
import { writeList } from '../write-list.ts';

const list = defineCommand({
  usage: '',
  about: 'lists the tills of the catalog',
  flags: commonFlags,
  run: ({ flags }, io) =>
    withInfobase(io, flags, 'existing', async (infobase) => {
      return writeList(io, flags, {
        entries: await listTills(infobase),
        heading: ['till', 'shop', 'synced'],
        showRow: ({ kkm, shopCode, isSynced }) => [kkm, shopCode ?? '-', isSynced ? 'yes' : 'no'],
        none: 'there are no tills yet',
      });
    }),
});

const unknown = defineCommand({
  usage: '',
  about: 'lists tills that have called and are not in the catalog: their documents have no shop',
  flags: commonFlags,
  run: ({ flags }, io) =>
    withInfobase(io, flags, 'existing', async (infobase) => {
      const found = await listUnknownTills(infobase);
      const lines = found.length === 0 ? 'every till that has called is in the catalog' : found.map(toOneLine);
      return answer(io, flags, { json: found, lines });
    }),
});

const set = defineCommand({
  usage: 'KKM [--shop CODE] [--synced yes|no]',
  about: 'adds a till by the name that it calls itself, or moves it; earlier documents keep their shop',
  takes: ['KKM'],
  flags: {
    shop: { takes: 'CODE', about: 'its shop; none takes it out of its shop' },
    synced: {
      takes: 'yes|no',
      about: 'whether it works offline and must confirm sync packages (default for a new till: no)',
    },
    ...dryRunFlag,
    ...commonFlags,
  },
  run: ({ flags, values: [kkm = ''] }, io) => {
    const isSynced = flags.synced === undefined ? {} : { isSynced: readYes('--synced', flags.synced) };
    const shopCode = flags.shop === undefined ? {} : { shopCode: flags.shop === 'none' ? null : flags.shop };
    const isDryRun = flags['dry-run'];
    return withInfobase(io, flags, isDryRun ? 'existing' : 'existing or new', async (infobase) => {
      const outcome = await saveTill(infobase, kkm, { ...shopCode, ...isSynced }, isDryRun);
      if (!outcome.ok) throw refusedBy(outcome, fieldNames);
      const { isNew } = outcome;
      const lines = describeSaved(`till "${kkm}"`, isNew, isDryRun);
      return answer(io, flags, { json: { kkm, isNew, isDryRun }, lines });
    });
  },
});

const remove = defineCommand({
  usage: 'KKM',
  about: 'removes a till from the catalog; it is still served',
  takes: ['KKM'],
  flags: { ...dryRunFlag, ...commonFlags },
  run: ({ flags, values: [kkm = ''] }, io) =>
    withInfobase(io, flags, 'existing', async (infobase) => {
      const isDryRun = flags['dry-run'];
      const outcome = await removeTill(infobase, kkm, isDryRun);
      if (!outcome.ok) throw refusedBy(outcome, fieldNames);
      const lines = describeRemoved(`till "${kkm}"`, isDryRun);
      return answer(io, flags, { json: { kkm, isRemoved: !isDryRun, isDryRun }, lines });
    }),
});

const fieldNames = { code: 'CODE', name: '--name', kkm: 'KKM', shopCode: '--shop' } as const;

export function tills(args: string[], io: CommandIo): Promise<number> {
  return runGroup('kkm tills', { list, unknown, set, remove }, args, io);
}
