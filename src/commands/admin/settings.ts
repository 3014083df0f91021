// `kkm settings`: what an infobase decides for itself. A running service follows with its next call.
import { findSettingMistake, isSettingName, settingTable } from '../../ledger/settings.ts';
import { listSettings } from '../../operations/admin/list-settings.ts';
import { saveSetting } from '../../operations/admin/save-setting.ts';
import { answer } from '../answer.ts';
import { commonFlags, defineCommand, dryRunFlag, runGroup, UsageMistake, type CommandIo } from '../command-io.ts';
import { withInfobase } from '../open-infobase.ts';
import { refusedBy } from '../refused-by.ts';
import { suggest } from '../suggest.ts';
import { writeList } from '../write-list.ts';

const list = defineCommand({
  usage: '',
  about: 'lists the settings with their values, and where the values come from',
  flags: commonFlags,
  run: ({ flags }, io) =>
    withInfobase(io, flags, 'existing', async (infobase) => {
      return writeList(io, flags, {
        entries: await listSettings(infobase),
        heading: ['name', 'value', 'from', 'about'],
        showRow: ({ name, value, isOwn, about }) => [name, value, isOwn ? 'set' : 'default', about],
        none: 'there are no settings',
      });
    }),
});

const get = defineCommand({
  usage: 'NAME',
  about: 'shows the value of a setting, alone on its line',
  takes: ['NAME'],
  flags: commonFlags,
  run: ({ flags, values: [name = ''] }, io) =>
    withInfobase(io, flags, 'existing', async (infobase) => {
      const setting = (await listSettings(infobase)).find((one) => one.name === name);
      if (setting === undefined) throw unknownSetting(name);
      return answer(io, flags, { json: setting, lines: setting.value });
    }),
});

const set = defineCommand({
  usage: 'NAME VALUE',
  about: 'sets a setting of the infobase',
  notes: Object.entries(settingTable).map(([name, { expected, about }]) => `${name}: ${expected} - ${about}`),
  takes: ['NAME', 'VALUE'],
  flags: { ...dryRunFlag, ...commonFlags },
  run: async ({ flags, values: [name = '', value = ''] }, io) => {
    // Refused before anything is opened: a slip must not make a database.
    if (!isSettingName(name)) throw unknownSetting(name);
    const mistake = findSettingMistake(name, value);
    if (mistake !== undefined) throw new UsageMistake(mistake, 'VALUE');
    const isDryRun = flags['dry-run'];
    return withInfobase(io, flags, isDryRun ? 'existing' : 'existing or new', async (infobase, clock) => {
      const outcome = await saveSetting(infobase, clock.now(), name, value, isDryRun);
      if (!outcome.ok) throw refusedBy(outcome, {});
      const { before } = outcome;
      const lines = isDryRun ? `${name} would be ${value} (is ${before})` : `${name} = ${value} (was ${before})`;
      return answer(io, flags, { json: { name, value, before, isDryRun }, lines });
    });
  },
});

export function settings(args: string[], io: CommandIo): Promise<number> {
  return runGroup('kkm settings', { list, get, set }, args, io);
}

function unknownSetting(name: string): UsageMistake {
  const known = Object.keys(settingTable);
  const message = `there is no setting "${name}"${suggest(name, known)}; it has: ${known.join(', ')}`;
  return new UsageMistake(message, 'NAME');
}
