// `kkm certificates`: gift certificates, their kinds, and what became of each.
import { formatForPeople } from '../ledger/local-date-time.ts';
import {
  issueCertificates,
  listKinds,
  listLatest,
  saveKind,
  showCertificate,
  type Certificate,
} from '../operations/certificate-catalog.ts';
import {
  CommandFailed,
  commonFlags,
  defineCommand,
  dryRunFlag,
  runGroup,
  UsageMistake,
  type CommandIo,
} from './command-io.ts';
import { formatSum, parseKopecks } from '../ledger/money.ts';
import { formatTable, toOneLine } from './format-table.ts';
import { withInfobase } from './open-infobase.ts';
import { writeList } from './write-list.ts';

const listed = 100;

const kinds = defineCommand({
  usage: '',
  about: 'lists the kinds of certificates',
  flags: commonFlags,
  run: ({ flags }, io) =>
    withInfobase(io, flags, 'existing', async (infobase) => {
      const known = await listKinds(infobase);
      const shown = known.map((kind) => ({
        ...kind,
        nominal: kind.nominal === null ? 'free' : formatSum(kind.nominal),
      }));
      writeList(io, flags.json, {
        entries: shown,
        heading: ['code', 'name', 'nominal', 'life'],
        showRow: ({ code, name, nominal, life }) => [code, name, nominal, life],
        none: 'there is no kind of certificates yet',
      });
      return 0;
    }),
});

const setKind = defineCommand({
  usage: 'CODE [--name TEXT] [--nominal SUM|free] [--life LIFE]',
  about: 'adds or changes a kind; what is sold already stays as it was sold',
  takes: ['CODE'],
  flags: {
    name: { takes: 'TEXT', about: 'its name; a new kind needs one' },
    nominal: { takes: 'SUM', about: 'rubles that it is sold for; free: what the buyer pays (new: free)' },
    life: {
      takes: 'LIFE',
      about: 'how long it may be used from its sale: years:1, months:6, unlimited (new: unlimited)',
    },
    ...commonFlags,
  },
  run: ({ flags, values: [code = ''] }, io) => {
    const nominal = flags.nominal === undefined ? {} : { nominal: readNominal(flags.nominal) };
    const change = {
      code,
      ...nominal,
      ...(flags.name === undefined ? {} : { name: flags.name }),
      ...(flags.life === undefined ? {} : { life: flags.life }),
    };
    return withInfobase(io, flags, 'existing or new', async (infobase, clock) => {
      const outcome = await saveKind(infobase, clock.now(), change);
      if (!outcome.ok) throw new CommandFailed(outcome.why);
      if (flags.json) io.out(JSON.stringify({ code, isNew: outcome.isNew }, null, 2));
      else io.out(`kind of certificates "${code}" ${outcome.isNew ? 'added' : 'changed'}`);
      return 0;
    });
  },
});

const issue = defineCommand({
  usage: '--kind CODE --from N --to N [--prefix TEXT] [--width DIGITS]',
  about: 'makes the certificates of a range of numbers, to be sold; those there are already are left alone',
  flags: {
    kind: { takes: 'CODE', isRequired: true, about: 'their kind' },
    from: { takes: 'N', isRequired: true, about: 'the first number behind the prefix' },
    to: { takes: 'N', isRequired: true, about: 'the last one' },
    prefix: { takes: 'TEXT', about: 'what every number begins with' },
    width: { takes: 'DIGITS', about: 'digits behind the prefix, filled up with zeros (default: those of --to)' },
    ...dryRunFlag,
    ...commonFlags,
  },
  run: ({ flags }, io) =>
    withInfobase(io, flags, 'existing', async (infobase) => {
      const { kind: kindCode, from, to, prefix = '', width } = flags;
      const isDryRun = flags['dry-run'];
      const outcome = await issueCertificates(infobase, { kindCode, from, to, prefix, width }, isDryRun);
      if (!outcome.ok)
        throw new CommandFailed(`--${outcome.field === 'kindCode' ? 'kind' : outcome.field}: ${outcome.why}`);
      const { first, last, created, skipped } = outcome;
      if (flags.json) io.out(JSON.stringify({ first, last, created, skipped, isDryRun }, null, 2));
      else
        io.out(
          `${isDryRun ? 'would make' : 'made'} ${created} certificates from ${first} to ${last}; there already: ${skipped}`,
        );
      return 0;
    }),
});

const list = defineCommand({
  usage: '',
  about: `lists the latest ${listed} certificates`,
  flags: commonFlags,
  run: ({ flags }, io) =>
    withInfobase(io, flags, 'existing', async (infobase) => {
      const entries = (await listLatest(infobase, listed)).map(describe);
      writeList(io, flags.json, { entries, heading, showRow, none: 'there is no certificate yet' });
      return 0;
    }),
});

const show = defineCommand({
  usage: 'NUMBER',
  about: 'shows a certificate with everything that moved it',
  takes: ['NUMBER'],
  flags: commonFlags,
  run: ({ flags, values: [number = ''] }, io) =>
    withInfobase(io, flags, 'existing', async (infobase) => {
      const found = await showCertificate(infobase, number);
      if (found === undefined) throw new CommandFailed(`there is no certificate "${number}"`);
      if (flags.json) {
        const movements = found.movements.map((one) => {
          return { ...one, amount: formatSum(one.amount), balanceAfter: formatSum(one.balanceAfter) };
        });
        io.out(JSON.stringify({ ...describe(found.certificate), movements }, null, 2));
        return 0;
      }
      for (const line of formatTable(heading, [showRow(describe(found.certificate))])) io.out(line);
      for (const { kind, documentId, datedAt, amount, balanceAfter, comment, kkm, receiptNumber } of found.movements) {
        const till = kkm === null ? '' : `, till ${kkm}, receipt ${receiptNumber}`;
        const why = comment === null ? '' : `: ${toOneLine(comment)}`;
        io.out(
          `${formatForPeople(datedAt)} ${formatSum(amount)}, then ${formatSum(balanceAfter)}: ${kind} ${documentId}${till}${why}`,
        );
      }
      return 0;
    }),
});

export function certificates(args: string[], io: CommandIo): Promise<number> {
  return runGroup('kkm certificates', { kinds, 'set-kind': setKind, issue, list, show }, args, io);
}

function readNominal(text: string): number | null {
  if (text === 'free') return null;
  const nominal = parseKopecks(text);
  if (nominal === undefined)
    throw new UsageMistake(`--nominal: expected rubles such as 1000 or 999.50, or free, got "${text}"`);
  return nominal;
}

const heading = ['number', 'kind', 'state', 'nominal', 'rest', 'sold', 'runs out'];

interface ShownCertificate {
  readonly number: string;
  readonly kind: string;
  readonly state: string;
  readonly nominal: string;
  readonly balance: string;
  readonly soldAt: string | null;
  readonly writeOffOn: string | null;
}

function showRow({ number, kind, state, nominal, balance, soldAt, writeOffOn }: ShownCertificate): string[] {
  return [number, kind, state, nominal, balance, soldAt ?? '-', writeOffOn ?? '-'];
}

/** Sums as exact text. */
function describe({ number, kindCode, state, nominal, balance, soldAt, writeOffOn }: Certificate): ShownCertificate {
  const sums = { nominal: formatSum(nominal), balance: formatSum(balance) };
  return { number, kind: kindCode, state, ...sums, soldAt, writeOffOn };
}
