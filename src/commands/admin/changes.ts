// `kkm changes`: who changed what, when, from what to what.
import { formatForPeople } from '../../ledger/local-date-time.ts';
import {
  changeSubjects,
  listChanges,
  type ChangedFields,
  type ListedChange,
} from '../../operations/admin/list-changes.ts';
import { commonFlags, defineCommand, runCommand, type CommandIo } from '../command-io.ts';
import { withInfobase } from '../open-infobase.ts';
import { readDateFlag } from '../read-date-flag.ts';
import { readCount } from '../read-number-flag.ts';
import { pageFlags, pageNote, readLimit } from '../read-page.ts';
import { readOneOf } from '../read-word-flag.ts';
import { writeList } from '../write-list.ts';

const command = defineCommand({
  usage: '[--subject SUBJECT] [--by NAME] [--from D] [--to D] [--limit N] [--after ID]',
  about: 'lists who changed settings, users, catalogs, cards, the clock or billing, and who made which document',
  notes: [
    `SUBJECT: ${changeSubjects.slice(0, 8).join(', ')},`,
    `${changeSubjects.slice(8).join(', ')}. The latest come first, by pages.`,
    "Dates are by the machine's clock, also in a test infobase. Passwords are not noted, only that one was changed.",
  ],
  flags: {
    subject: { takes: 'SUBJECT', about: 'of this sort only' },
    by: { takes: 'NAME', about: 'by this user only: its exact name; at the command line it is user@machine' },
    from: { takes: 'D', about: 'from this date on: 2026-11-01 or 01.11.2026' },
    to: { takes: 'D', about: 'up to this date, which is included' },
    ...pageFlags('ID'),
    ...commonFlags,
  },
  run: ({ flags }, io) => {
    const filter = {
      subject: flags.subject === undefined ? null : readOneOf('--subject', flags.subject, changeSubjects),
      by: flags.by ?? null,
      from: readDateFlag('from', flags.from) ?? null,
      to: readDateFlag('to', flags.to) ?? null,
    };
    const page = {
      limit: readLimit(flags.limit),
      before: flags.after === undefined ? null : readCount('--after', flags.after, Number.MAX_SAFE_INTEGER),
    };
    return withInfobase(io, flags, 'existing', async (infobase) => {
      const found = await listChanges(infobase, filter, page);
      pageNote(io, flags, found.next);
      return writeList(io, flags, {
        entries: found.changes,
        heading: ['id', 'at', 'by', 'from', 'what', 'which', 'before', 'after'],
        showRow: show,
        none: 'there are no such changes',
        json: { infobase: infobase.name, ...found },
      });
    });
  },
});

export function changes(args: string[], io: CommandIo): Promise<number> {
  return runCommand('kkm changes', command, args, io);
}

function show({ id, recordedAt, by, door, subject, key, before, after }: ListedChange): string[] {
  return [String(id), formatForPeople(recordedAt), by, door, subject, key, showFields(before), showFields(after)];
}

/** "role till, password changed" */
function showFields(fields: ChangedFields | null): string {
  const shown = Object.entries(fields ?? {}).map(([name, value]) => {
    return `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`;
  });
  return shown.length === 0 ? '-' : shown.join(', ');
}
