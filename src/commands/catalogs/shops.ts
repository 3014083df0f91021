// `kkm shops`: the shops of the network; documents carry that of the till which brought them.
import { listShops, removeShop, saveShop } from '../../operations/catalogs/shops.ts';
import { answer } from '../answer.ts';
import { commonFlags, defineCommand, dryRunFlag, runGroup, type CommandIo } from '../command-io.ts';
import { describeRemoved, describeSaved } from '../describe-change.ts';
import { withInfobase } from '../open-infobase.ts';
import { refusedBy } from '../refused-by.ts';
import { writeList } from '../write-list.ts';

const list = defineCommand({
  usage: '',
  about: 'lists the shops',
  flags: commonFlags,
  run: ({ flags }, io) =>
    withInfobase(io, flags, 'existing', async (infobase) => {
      return writeList(io, flags, {
        entries: await listShops(infobase),
        heading: ['code', 'name'],
        showRow: ({ code, name }) => [code, name],
        none: 'there are no shops yet',
      });
    }),
});

const set = defineCommand({
  usage: 'CODE [--name TEXT]',
  about: 'adds a shop, or renames it',
  takes: ['CODE'],
  flags: { name: { takes: 'TEXT', about: 'its name; a new shop needs one' }, ...dryRunFlag, ...commonFlags },
  run: ({ flags, values: [code = ''] }, io) => {
    const isDryRun = flags['dry-run'];
    return withInfobase(io, flags, isDryRun ? 'existing' : 'existing or new', async (infobase) => {
      const outcome = await saveShop(infobase, code, flags.name, isDryRun);
      if (!outcome.ok) throw refusedBy(outcome, fieldNames);
      const { isNew } = outcome;
      const lines = describeSaved(`shop "${code}"`, isNew, isDryRun);
      return answer(io, flags, { json: { code, isNew, isDryRun }, lines });
    });
  },
});

const remove = defineCommand({
  usage: 'CODE',
  about: 'removes a shop that has no tills and no documents',
  takes: ['CODE'],
  flags: { ...dryRunFlag, ...commonFlags },
  run: ({ flags, values: [code = ''] }, io) =>
    withInfobase(io, flags, 'existing', async (infobase) => {
      const isDryRun = flags['dry-run'];
      const outcome = await removeShop(infobase, code, isDryRun);
      if (!outcome.ok) throw refusedBy(outcome, fieldNames);
      const lines = describeRemoved(`shop "${code}"`, isDryRun);
      return answer(io, flags, { json: { code, isRemoved: !isDryRun, isDryRun }, lines });
    }),
});

const fieldNames = { code: 'CODE', name: '--name', kkm: 'KKM', shopCode: '--shop' } as const;

export function shops(args: string[], io: CommandIo): Promise<number> {
  return runGroup('kkm shops', { list, set, remove }, args, io);
}
