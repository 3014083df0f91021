// `kkm restore`: puts a backup in the place of an infobase, after every check that a backup passes when it is made.
import { resolve } from 'node:path';
import { systemClock } from '../../clock.ts';
import { infobaseOptionsOf } from '../../config.ts';
import { makeDataFolder } from '../../data-folder.ts';
import { restoreInfobase, type RestoreEnd, type RestoreStep } from '../../operations/admin/restore-infobase.ts';
import { answer } from '../answer.ts';
import {
  CommandFailed,
  commonFlags,
  defineCommand,
  dryRunFlag,
  runCommand,
  type CommandIo,
  type FailureTerms,
} from '../command-io.ts';
import { nameOperator } from '../name-operator.ts';
import { locateInfobase, readCommandConfig } from '../open-infobase.ts';
import { describeCounts } from './backup.ts';

const command = defineCommand({
  usage: 'FILE [--replace]',
  about: 'puts a backup in the place of an infobase, after checking it; no service may have the infobase open',
  notes: [
    'The file is copied beside the database and checked there: its SHA-256 and size by FILE.json, whether it is intact, and',
    'whether every balance is the sum of its movements. A backup without FILE.json is checked by its content alone. A backup',
    'of an older version is brought up to date; one of a newer version is refused. With --replace the database that stands',
    'there is kept beside the new one, as INFOBASE.sqlite-replaced-DATE-TIME with its logs. A restore that was interrupted',
    'leaves the old database or the new one in place: run it again.',
  ],
  takes: ['FILE'],
  flags: {
    replace: { about: 'put it in the place of a database that is there; that one is kept' },
    of: { takes: 'NAME', about: 'the infobase that the backup is of, if that is another one' },
    ...dryRunFlag,
    ...commonFlags,
  },
  run: async ({ flags, values: [given = ''] }, io) => {
    const config = readCommandConfig(io, flags);
    const { name, file } = locateInfobase(config, flags.infobase);
    const isDryRun = flags['dry-run'];
    const from = resolve(given);
    await makeDataFolder(config.dataDir);
    const request = {
      from,
      infobase: infobaseOptionsOf(config, name),
      of: flags.of ?? name,
      mayReplace: flags.replace,
      isDryRun,
      actor: { name: nameOperator(), door: 'cli', readMs: Date.now } as const,
      now: systemClock(config.timeZone).now(),
    };
    const end = await restoreInfobase(request, (step) => io.showProgress?.(stepTexts[step]));
    io.showProgress?.('');
    if (end.code !== 'done') throw describeFailure(end, { from, file, name });
    const { kept, manifest, schemaVersion, content } = end;
    const verb = isDryRun ? 'would be restored' : 'restored';
    const proof =
      manifest === null
        ? 'there is no manifest: checked by its content'
        : `made ${manifest.madeAt} (${manifest.timeZone})`;
    return answer(io, flags, {
      json: { infobase: name, file, kept, manifest, schemaVersion, content, isDryRun },
      lines: [
        `infobase "${name}" ${verb} from ${from} (${proof})`,
        `${describeCounts(content)}; schema ${schemaVersion}`,
        ...(kept === null ? [] : [`the database that stood there ${isDryRun ? 'would be' : 'is'} kept as ${kept}`]),
      ],
    });
  },
});

export function restore(args: string[], io: CommandIo): Promise<number> {
  return runCommand('kkm restore', command, args, io);
}

const stepTexts: Readonly<Record<RestoreStep, string>> = {
  copy: 'copying the backup',
  check: 'checking it',
  keep: 'putting it in place',
  'keep logs': 'putting it in place',
  replace: 'putting it in place',
  done: '',
};

function describeFailure(
  end: Exclude<RestoreEnd, { readonly code: 'done' }>,
  { from, file, name }: { readonly from: string; readonly file: string; readonly name: string },
): CommandFailed {
  const [message, terms] = explain();
  return new CommandFailed(`nothing was restored: ${message}`, terms);

  function explain(): [string, FailureTerms] {
    switch (end.code) {
      case 'not_found':
        return [`there is no file ${from}`, { code: 'not_found', field: 'FILE' }];
      case 'refused':
        return [end.why, { field: 'FILE' }];
      case 'unsound':
        return [
          `the backup is not sound: ${end.mistakes[0]}`,
          { code: 'differs', field: 'FILE', details: { mistakes: end.mistakes } },
        ];
      case 'exists':
        return [
          `infobase "${name}" has a database (${file}); --replace puts the backup in its place and keeps it`,
          { field: '--replace' },
        ];
      case 'open':
        return [`infobase "${name}" is open: stop its service, and end other commands`, { code: 'held' }];
      case 'failed':
        return [end.why, {}];
    }
  }
}
