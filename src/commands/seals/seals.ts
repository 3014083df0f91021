// `kkm seals`: the sealed business days, and sealing by hand where no service does it.
import { setTimeout as pause } from 'node:timers/promises';
import { formatForPeople } from '../../ledger/local-date-time.ts';
import { nameOperator } from '../name-operator.ts';
import { listSealsBefore, type Seal } from '../../operations/seals/list-seals.ts';
import { sealDay, type SealEnd } from '../../operations/seals/make-seal.ts';
import { answer } from '../answer.ts';
import { CommandFailed, commonFlags, defineCommand, runGroup, type CommandIo } from '../command-io.ts';
import { readCommandConfig, withInfobase } from '../open-infobase.ts';
import { readCount } from '../read-number-flag.ts';
import { pageFlags, pageNote, readLimit } from '../read-page.ts';
import { writeList } from '../write-list.ts';

const list = defineCommand({
  usage: '[--limit N] [--after N]',
  about: 'lists the sealed business days, the latest first, with their digests',
  notes: [
    'Keep the newest digest where nobody comes who can change the database: kkm verify --seals --against DIGEST then',
    'finds also a database that was replaced by an older or another one.',
  ],
  flags: { ...pageFlags('N'), ...commonFlags },
  run: ({ flags }, io) => {
    const limit = readLimit(flags.limit);
    const before = flags.after === undefined ? null : readCount('--after', flags.after, Number.MAX_SAFE_INTEGER);
    return withInfobase(io, flags, 'existing', async (infobase) => {
      const found = await listSealsBefore(infobase, before, limit);
      pageNote(io, flags, found.next);
      return writeList(io, flags, {
        entries: found.seals,
        heading: ['number', 'day', 'sealed at', 'new', 'changed', 'digest'],
        showRow: show,
        none: 'no day is sealed yet',
        json: { infobase: infobase.name, ...found },
      });
    });
  },
});

const make = defineCommand({
  usage: '',
  about: 'seals the business day that has ended, as the running service does after each night',
  notes: ['Tills may be served meanwhile. Where nights were missed, one seal covers all days up to the last one.'],
  flags: commonFlags,
  run: ({ flags }, io) => {
    const { nightSchedule } = readCommandConfig(io, flags);
    return withInfobase(io, flags, 'existing', async (infobase, clock) => {
      const runner = { holder: `${nameOperator()} ${process.pid}`, readMs: Date.now, leaseMs: 60_000 };
      const options = { ...runner, nightTime: nightSchedule.time, pause: () => pause(3) };
      const end = await sealDay(infobase, clock.now(), options);
      if (end.code === 'sealed') {
        const { businessOn, digest, units, changed } = end.seal;
        const lines = [`${businessOn} is sealed: ${units} new, ${changed} changed since earlier seals`, digest];
        return answer(io, flags, { json: { infobase: infobase.name, seal: end.seal }, lines });
      }
      if (end.code === 'up_to_date') {
        return answer(io, flags, {
          json: { infobase: infobase.name, seal: null },
          lines: 'every day that has ended is sealed',
        });
      }
      throw new CommandFailed(explain(end));
    });
  },
});

export function seals(args: string[], io: CommandIo): Promise<number> {
  return runGroup('kkm seals', { list, make }, args, io);
}

function show({ id, businessOn, sealedAt, units, changed, digest }: Seal): string[] {
  return [String(id), businessOn, formatForPeople(sealedAt), String(units), String(changed), digest];
}

function explain(end: Exclude<SealEnd, { readonly code: 'sealed' | 'up_to_date' }>): string {
  switch (end.code) {
    case 'held':
      return `the day is being sealed by ${end.holder}`;
    case 'stopped':
      return 'it was stopped';
    case 'not_now':
      return end.why === 'nights_due'
        ? 'a night is due or unfinished: kkm night run first'
        : 'billing is being switched on or off: kkm billing status';
  }
}
