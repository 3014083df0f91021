// `kkm import list`: what was brought in, and what was taken back.
import { formatSum } from '../../ledger/money.ts';
import { listImports, type ListedImport } from '../../operations/opening/list-imports.ts';
import { commonFlags, defineCommand } from '../command-io.ts';
import { withInfobase } from '../open-infobase.ts';
import { writeList } from '../write-list.ts';

export const importList = defineCommand({
  usage: '',
  about: 'lists the imports and their reversals, oldest first',
  flags: commonFlags,
  run: ({ flags }, io) =>
    withInfobase(io, flags, 'existing', async (infobase) => {
      const entries = (await listImports(infobase)).map((entry) => ({
        ...entry,
        bonus: formatSum(entry.bonus),
        accumulation: formatSum(entry.accumulation),
      }));
      return writeList(io, flags, { entries, heading, showRow, none: 'there are no imports yet' });
    }),
});

type ShownImport = Omit<ListedImport, 'bonus' | 'accumulation'> & Readonly<Record<'bonus' | 'accumulation', string>>;

const heading = [
  'number',
  'made at',
  'by',
  'kind',
  'file',
  'dated',
  'rows',
  'bad',
  'cards',
  'new',
  'bonus',
  'accumulation',
  'receipts',
  'state',
];

function showRow(entry: ShownImport): string[] {
  const { number, recordedAt, by, kind, fileName, datedOn, rows, badRows, cards, created } = entry;
  return [
    String(number),
    recordedAt,
    by ?? '-',
    kind,
    fileName,
    datedOn,
    String(rows),
    String(badRows),
    String(cards),
    String(created),
    entry.bonus,
    entry.accumulation,
    String(entry.receipts),
    describeState(entry),
  ];
}

function describeState({ state, reverses, reversedBy }: ShownImport): string {
  const gone = state === 'gone' ? ', deleted with billing' : '';
  if (reverses !== null) return `reverses ${reverses}${gone}`;
  if (reversedBy === null) return state === 'gone' ? 'deleted with billing' : 'stands';
  const by = reversedBy.by === null ? '' : ` (${reversedBy.by})`;
  return `reversed by ${reversedBy.number} at ${reversedBy.at}${by}`;
}
