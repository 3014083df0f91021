// `kkm settings`: what an infobase decides for itself. A running service follows with its next call.
import { findSettingMistake, isSettingName, settingTable } from '../ledger/settings.ts';
import { listSettings } from '../operations/list-settings.ts';
import { saveSetting } from '../operations/save-setting.ts';
import { CommandFailed, commonFlags, defineCommand, runGroup, UsageMistake, type CommandIo } from './command-io.ts';
import { formatTable } from './format-table.ts';
import { withInfobase } from './open-infobase.ts';

const list = defineCommand({
  usage: '',
  about: 'lists the settings, the values that stand, and where these come from',
  flags: commonFlags,
  run: ({ flags }, io) =>
    withInfobase(io, flags, 'existing', async (infobase) => {
      const standing = await listSettings(infobase);
      if (flags.json) {
        io.out(JSON.stringify(standing, null, 2));
        return 0;
      }
      const rows = standing.map(({ name, value, isOwn, about }) => [name, value, isOwn ? 'set' : 'default', about]);
      for (const line of formatTable(['name', 'value', 'from', 'about'], rows)) io.out(line);
      return 0;
    }),
});

const get = defineCommand({
  usage: 'NAME',
  about: 'shows the value that stands, alone on its line',
  takes: ['NAME'],
  flags: commonFlags,
  run: ({ flags, values: [name = ''] }, io) =>
    withInfobase(io, flags, 'existing', async (infobase) => {
      const setting = (await listSettings(infobase)).find((one) => one.name === name);
      if (setting === undefined) throw new UsageMistake(unknownSetting(name));
      io.out(flags.json ? JSON.stringify(setting, null, 2) : setting.value);
      return 0;
    }),
});

const set = defineCommand({
  usage: 'NAME VALUE',
  about: 'sets a setting of the infobase',
  notes: Object.entries(settingTable).map(([name, { expected, about }]) => `${name}: ${expected} - ${about}`),
  takes: ['NAME', 'VALUE'],
  flags: commonFlags,
  run: async ({ flags, values: [name = '', value = ''] }, io) => {
    // Refused before anything is opened: a slip must not make a database.
    if (!isSettingName(name)) throw new UsageMistake(unknownSetting(name));
    const mistake = findSettingMistake(name, value);
    if (mistake !== undefined) throw new UsageMistake(mistake);
    return withInfobase(io, flags, 'existing or new', async (infobase, clock) => {
      const outcome = await saveSetting(infobase, clock.now(), name, value);
      if (!outcome.ok) throw new CommandFailed(outcome.why);
      if (flags.json) io.out(JSON.stringify({ name, value, before: outcome.before }, null, 2));
      else io.out(`${name} = ${value} (was ${outcome.before})`);
      return 0;
    });
  },
});

export function settings(args: string[], io: CommandIo): Promise<number> {
  return runGroup('kkm settings', { list, get, set }, args, io);
}

function unknownSetting(name: string): string {
  return `this version has no setting "${name}"; it has: ${Object.keys(settingTable).join(', ')}`;
}
