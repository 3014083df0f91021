// `kkm shops`: the shops of the network; documents carry that of the till which brought them.
import { listShops, removeShop, saveShop } from '../operations/shops.ts';
import { CommandFailed, commonFlags, defineCommand, runGroup, type CommandIo } from './command-io.ts';
import { withInfobase } from './open-infobase.ts';
import { writeList } from './write-list.ts';

const list = defineCommand({
  usage: '',
  about: 'lists the shops',
  flags: commonFlags,
  run: ({ flags }, io) =>
    withInfobase(io, flags, 'existing', async (infobase) => {
      writeList(io, flags.json, {
        entries: await listShops(infobase),
        heading: ['code', 'name'],
        showRow: ({ code, name }) => [code, name],
        none: 'there is no shop yet',
      });
      return 0;
    }),
});

const set = defineCommand({
  usage: 'CODE [--name TEXT]',
  about: 'adds a shop, or names it anew',
  takes: ['CODE'],
  flags: { name: { takes: 'TEXT', about: 'its name; a new shop needs one' }, ...commonFlags },
  run: ({ flags, values: [code = ''] }, io) =>
    withInfobase(io, flags, 'existing or new', async (infobase) => {
      const outcome = await saveShop(infobase, code, flags.name);
      if (!outcome.ok) throw new CommandFailed(outcome.why);
      if (flags.json) io.out(JSON.stringify({ code, isNew: outcome.isNew }, null, 2));
      else io.out(`shop "${code}" ${outcome.isNew ? 'added' : 'changed'}`);
      return 0;
    }),
});

const remove = defineCommand({
  usage: 'CODE',
  about: 'removes a shop that no till stands in and no document names',
  takes: ['CODE'],
  flags: commonFlags,
  run: ({ flags, values: [code = ''] }, io) =>
    withInfobase(io, flags, 'existing', async (infobase) => {
      const outcome = await removeShop(infobase, code);
      if (!outcome.ok) throw new CommandFailed(outcome.why);
      io.out(flags.json ? JSON.stringify({ code, isRemoved: true }, null, 2) : `shop "${code}" removed`);
      return 0;
    }),
});

export function shops(args: string[], io: CommandIo): Promise<number> {
  return runGroup('kkm shops', { list, set, remove }, args, io);
}
