// `kkm tills`: which shop a till stands in, and whether it takes part in pseudo-online sync.
import { listTills, listUnknownTills, removeTill, saveTill } from '../operations/shops.ts';
import { CommandFailed, commonFlags, defineCommand, runGroup, UsageMistake, type CommandIo } from './command-io.ts';
import { toOneLine } from './format-table.ts';
import { withInfobase } from './open-infobase.ts';
import { writeList } from './write-list.ts';

const list = defineCommand({
  usage: '',
  about: 'lists the tills of the catalog',
  flags: commonFlags,
  run: ({ flags }, io) =>
    withInfobase(io, flags, 'existing', async (infobase) => {
      writeList(io, flags.json, {
        entries: await listTills(infobase),
        heading: ['till', 'shop', 'synced'],
        showRow: ({ kkm, shopCode, isSynced }) => [kkm, shopCode ?? '-', isSynced ? 'yes' : 'no'],
        none: 'there is no till yet',
      });
      return 0;
    }),
});

const unknown = defineCommand({
  usage: '',
  about: 'lists tills that were served and are not in the catalog: their documents have no shop',
  flags: commonFlags,
  run: ({ flags }, io) =>
    withInfobase(io, flags, 'existing', async (infobase) => {
      const found = await listUnknownTills(infobase);
      if (flags.json) io.out(JSON.stringify(found, null, 2));
      else if (found.length === 0) io.out('every till that was served is in the catalog');
      else for (const kkm of found) io.out(toOneLine(kkm));
      return 0;
    }),
});

const set = defineCommand({
  usage: 'KKM [--shop CODE] [--synced yes|no]',
  about: 'adds a till as it names itself on the wire, or moves it; documents made before keep their shop',
  takes: ['KKM'],
  flags: {
    shop: { takes: 'CODE', about: 'the shop that it stands in; none takes it out' },
    synced: { takes: 'yes|no', about: 'whether it works without a line and must confirm sync packages (new: no)' },
    ...commonFlags,
  },
  run: ({ flags, values: [kkm = ''] }, io) => {
    const isSynced = flags.synced === undefined ? {} : { isSynced: readYes(flags.synced) };
    const shopCode = flags.shop === undefined ? {} : { shopCode: flags.shop === 'none' ? null : flags.shop };
    return withInfobase(io, flags, 'existing or new', async (infobase) => {
      const outcome = await saveTill(infobase, kkm, { ...shopCode, ...isSynced });
      if (!outcome.ok) throw new CommandFailed(outcome.why);
      if (flags.json) io.out(JSON.stringify({ kkm, isNew: outcome.isNew }, null, 2));
      else io.out(`till "${kkm}" ${outcome.isNew ? 'added' : 'changed'}`);
      return 0;
    });
  },
});

const remove = defineCommand({
  usage: 'KKM',
  about: 'takes a till out of the catalog; it is served all the same',
  takes: ['KKM'],
  flags: commonFlags,
  run: ({ flags, values: [kkm = ''] }, io) =>
    withInfobase(io, flags, 'existing', async (infobase) => {
      const outcome = await removeTill(infobase, kkm);
      if (!outcome.ok) throw new CommandFailed(outcome.why);
      io.out(flags.json ? JSON.stringify({ kkm, isRemoved: true }, null, 2) : `till "${kkm}" removed`);
      return 0;
    }),
});

export function tills(args: string[], io: CommandIo): Promise<number> {
  return runGroup('kkm tills', { list, unknown, set, remove }, args, io);
}

function readYes(text: string): boolean {
  if (text === 'yes' || text === 'no') return text === 'yes';
  throw new UsageMistake(`--synced: expected yes or no, got "${text}"`);
}
