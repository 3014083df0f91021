// `kkm certificates`: gift certificates, their kinds, and what became of each.
import { formatForPeople } from '../../ledger/local-date-time.ts';
import {
  issueCertificates,
  listKinds,
  listCertificatePage,
  saveKind,
  showCertificate,
  type CertificateMovement,
  type PricedCertificate,
} from '../../operations/certificates/certificate-catalog.ts';
import { certificateStates } from '../../ledger/certificate.ts';
import { formatLife, parseLife } from '../../ledger/life-rule.ts';
import { formatSum } from '../../ledger/money.ts';
import { answer } from '../answer.ts';
import { describeRange, refuseRange } from '../cards/cards-range.ts';
import {
  CommandFailed,
  commonFlags,
  defineCommand,
  dryRunFlag,
  expected,
  runGroup,
  type CommandIo,
} from '../command-io.ts';
import { formatTable, toOneLine } from '../format-table.ts';
import { describeSaved } from '../describe-change.ts';
import { withInfobase } from '../open-infobase.ts';
import { pageFlags, pageNote, readLimit } from '../read-page.ts';
import { readPrice } from '../read-number-flag.ts';
import { readOneOf, readYes } from '../read-word-flag.ts';
import { refusedBy } from '../refused-by.ts';
import { writeList } from '../write-list.ts';

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
      return writeList(io, flags, {
        entries: shown,
        heading: ['code', 'name', 'nominal', 'life'],
        showRow: ({ code, name, nominal, life }) => [code, name, nominal, life],
        none: 'there are no kinds of certificates yet',
      });
    }),
});

const setKind = defineCommand({
  usage: 'CODE [--name TEXT] [--nominal SUM|free] [--life LIFE]',
  about: 'adds or changes a kind; certificates already sold keep their terms',
  takes: ['CODE'],
  flags: {
    name: { takes: 'TEXT', about: 'its name; a new kind needs one' },
    nominal: { takes: 'SUM', about: 'price in rubles; free: what the buyer pays (default for a new kind: free)' },
    life: {
      takes: 'LIFE',
      about: 'how long it is valid after its sale: years:1, months:6, unlimited (default for a new kind: unlimited)',
    },
    ...dryRunFlag,
    ...commonFlags,
  },
  run: ({ flags, values: [code = ''] }, io) => {
    const change = {
      code,
      ...(flags.nominal === undefined ? {} : { nominal: readNominal(flags.nominal) }),
      ...(flags.name === undefined ? {} : { name: flags.name }),
      ...(flags.life === undefined ? {} : { life: readLife(flags.life) }),
    };
    const isDryRun = flags['dry-run'];
    return withInfobase(io, flags, isDryRun ? 'existing' : 'existing or new', async (infobase, clock) => {
      const outcome = await saveKind(infobase, clock.now(), change, isDryRun);
      if (!outcome.ok) throw refusedBy(outcome, kindFields);
      const { isNew } = outcome;
      const lines = describeSaved(`kind of certificates "${code}"`, isNew, isDryRun);
      return answer(io, flags, { json: { code, isNew, isDryRun }, lines });
    });
  },
});

const kindFields = { code: 'CODE', name: '--name', nominal: '--nominal', life: '--life' } as const;

const issue = defineCommand({
  usage: '--kind CODE --from N --to N [--prefix TEXT] [--width DIGITS]',
  about: 'makes the certificates of a range of numbers, to be sold; existing ones are left as they are',
  flags: {
    kind: { takes: 'CODE', isRequired: true, about: 'their kind' },
    from: { takes: 'N', isRequired: true, about: 'first number of the range' },
    to: { takes: 'N', isRequired: true, about: 'last number of the range' },
    prefix: { takes: 'TEXT', about: 'what every number begins with' },
    width: { takes: 'DIGITS', about: 'digits after the prefix, padded with zeros (default: as many as --to has)' },
    ...dryRunFlag,
    ...commonFlags,
  },
  run: ({ flags }, io) =>
    withInfobase(io, flags, 'existing', async (infobase) => {
      const { kind: kindCode, from, to, prefix = '', width } = flags;
      const isDryRun = flags['dry-run'];
      const outcome = await issueCertificates(infobase, { kindCode, from, to, prefix, width }, { isDryRun });
      if (!outcome.ok) throw refuseRange(outcome.field, outcome.why);
      const { first, last, created, skipped } = outcome;
      return answer(io, flags, {
        json: { first, last, created, skipped, isDryRun },
        lines: describeRange(outcome, isDryRun, 'certificate', kindCode),
      });
    }),
});

const list = defineCommand({
  usage: '[--state STATE] [--sold yes|no] [--kind CODE] [--limit N] [--after NUMBER]',
  about: 'lists certificates, latest first, by pages',
  notes: [
    'STATE: issued (nothing is spent; sold or not yet), pre_redeemed (a part is spent), redeemed (all is spent), annulled',
    '(its sale was cancelled, or it expired). One that is not sold has the price of its kind; free: what the buyer pays.',
  ],
  flags: {
    state: { takes: 'STATE', about: `this state only: ${certificateStates.join(', ')}` },
    sold: { takes: 'yes|no', about: 'only sold ones, or only those not sold yet' },
    kind: { takes: 'CODE', about: 'this kind only' },
    ...pageFlags('NUMBER'),
    ...commonFlags,
  },
  run: ({ flags }, io) => {
    const request = {
      limit: readLimit(flags.limit),
      ...(flags.state === undefined ? {} : { state: readOneOf('--state', flags.state, certificateStates) }),
      ...(flags.sold === undefined ? {} : { isSold: readYes('--sold', flags.sold) }),
      ...(flags.kind === undefined ? {} : { kindCode: flags.kind }),
      ...(flags.after === undefined ? {} : { after: flags.after }),
    };
    return withInfobase(io, flags, 'existing', async (infobase) => {
      const outcome = await listCertificatePage(infobase, request);
      if (!outcome.ok) throw refusedBy(outcome, { after: '--after', kindCode: '--kind' });
      const { next } = outcome;
      const entries = outcome.certificates.map(describe);
      pageNote(io, flags, next);
      const none = 'there are no such certificates';
      return writeList(io, flags, { entries, heading, showRow, none, json: { certificates: entries, next } });
    });
  },
});

const show = defineCommand({
  usage: 'NUMBER',
  about: 'shows a certificate and its movements',
  takes: ['NUMBER'],
  flags: commonFlags,
  run: ({ flags, values: [number = ''] }, io) =>
    withInfobase(io, flags, 'existing', async (infobase) => {
      const found = await showCertificate(infobase, number);
      if (found === undefined) {
        throw new CommandFailed(`there is no certificate "${number}"`, { code: 'not_found', field: 'NUMBER' });
      }
      const shown = describe(found.certificate);
      const movements = found.movements.map((one) => {
        return { ...one, amount: formatSum(one.amount), balanceAfter: formatSum(one.balanceAfter) };
      });
      return answer(io, flags, {
        json: { ...shown, movements },
        lines: [...formatTable(heading, [showRow(shown)]), ...movements.map(formatMovement)],
      });
    }),
});

interface ShownMovement extends Omit<CertificateMovement, 'amount' | 'balanceAfter'> {
  readonly amount: string;
  readonly balanceAfter: string;
}

function formatMovement(movement: ShownMovement): string {
  const { kind, documentId, datedAt, amount, balanceAfter, comment, kkm, receiptNumber } = movement;
  const till = kkm === null ? '' : `, till ${kkm}, receipt ${receiptNumber}`;
  const why = comment === null ? '' : `: ${comment}`;
  return toOneLine(`${formatForPeople(datedAt)} ${amount}, then ${balanceAfter}: ${kind} ${documentId}${till}${why}`);
}

export function certificates(args: string[], io: CommandIo): Promise<number> {
  return runGroup('kkm certificates', { kinds, 'set-kind': setKind, issue, list, show }, args, io);
}

function readNominal(text: string): number | null {
  return text === 'free' ? null : readPrice('--nominal', text, 'rubles such as 1000 or 999.50, or free');
}

function readLife(text: string): string {
  const life = parseLife(text);
  if (life === undefined) throw expected('--life', 'one such as years:1 or unlimited', text);
  return formatLife(life);
}

const heading = ['number', 'kind', 'state', 'price', 'balance', 'sold', 'expires'];

interface ShownCertificate {
  readonly number: string;
  readonly kind: string;
  readonly state: string;
  readonly isSold: boolean;
  readonly price: string;
  readonly nominal: string;
  readonly balance: string;
  readonly soldAt: string | null;
  readonly writeOffOn: string | null;
}

function showRow({ number, kind, state, price, balance, soldAt, writeOffOn }: ShownCertificate): string[] {
  return [number, kind, state, price, balance, soldAt ?? 'not yet', writeOffOn ?? '-'];
}

/** Sums as exact text. */
function describe(certificate: PricedCertificate): ShownCertificate {
  const { number, kindCode, state, price, nominal, balance, soldAt, writeOffOn } = certificate;
  const sums = {
    price: price === null ? 'free' : formatSum(price),
    nominal: formatSum(nominal),
    balance: formatSum(balance),
  };
  return { number, kind: kindCode, state, isSold: soldAt !== null, ...sums, soldAt, writeOffOn };
}
