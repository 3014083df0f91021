// `kkm cards set`: «Групповая обработка дисконтных карт».
import { setTimeout as pause } from 'node:timers/promises';
import type { CardChange } from '../../operations/cards/card-change.ts';
import { editCards, type CardEdit } from '../../operations/cards/edit-cards.ts';
import { pauseMs } from './cards-range.ts';
import { answer } from '../answer.ts';
import { CommandFailed, commonFlags, defineCommand, dryRunFlag, UsageMistake } from '../command-io.ts';
import { countOf } from '../../ledger/count-of.ts';
import { withInfobase } from '../open-infobase.ts';

export const cardsSet = defineCommand({
  usage: '(--where kind=CODE,status=active,... | --all) field=value ...',
  about: 'sets the kind, status, holder, validFrom, validTo or note of all cards that match the filter',
  notes: [
    '--where: conditions separated by commas; a card must match all; it may be repeated. field=value, field=value|value,',
    'number=29001..29099 (numbers of as many digits), validTo=..2026-12-31, validFrom=2026-01-01.. (a date within the',
    'range, both ends included), holder= (none set). A comma in a value is written "\\,".',
    'field= clears a holder, a date or a note. The dates of a card must stay in order, or nothing is changed.',
  ],
  takes: ['field=value...'],
  flags: {
    where: { takes: 'FILTER', isRepeated: true, about: 'which cards' },
    all: { about: 'every card of the infobase' },
    ...dryRunFlag,
    ...commonFlags,
  },
  run: ({ flags, values }, io) => {
    const { where, all } = flags;
    const isEmpty = where.every((text) => text.replaceAll(',', '').trim() === '');
    if (isEmpty && !all) throw new UsageMistake('--where is missing or empty; --all means every card', '--where');
    if (!isEmpty && all) throw new UsageMistake('--all and --where exclude each other', '--all');
    const isDryRun = flags['dry-run'];
    return withInfobase(io, flags, 'existing', async (infobase) => {
      const afterTurn = async (changed: number): Promise<void> => {
        io.showProgress?.(`${countOf(changed, 'card')} changed`);
        await pause(pauseMs);
      };
      const outcome = await editCards(infobase, { where, set: values }, { isDryRun, afterTurn });
      io.showProgress?.('');
      if (!outcome.ok) {
        const { mistakes, sort } = outcome;
        const message = mistakes.join('; ');
        throw sort === 'request' ? new UsageMistake(message) : new CommandFailed(message, { details: { mistakes } });
      }
      const { matched, changed, edits } = outcome;
      const more = changed > edits.length ? [`... and ${changed - edits.length} more`] : [];
      const same = matched - changed;
      const rest = same === 0 ? '' : `; ${same} ${same === 1 ? 'has' : 'have'} these values already`;
      return answer(io, flags, {
        json: { matched, changed, isDryRun, ...(isDryRun ? { edits } : {}) },
        lines: [
          ...(isDryRun ? [...edits.map(formatEdit), ...more] : []),
          `${countOf(changed, 'card')} ${isDryRun ? 'would be ' : ''}changed${rest}`,
        ],
      });
    });
  },
});

function formatEdit({ number, before, after }: CardEdit): string {
  const fields = Object.keys(after) as (keyof CardChange)[];
  const changes = fields.map((field) => {
    const name = field === 'kindCode' ? 'kind' : field;
    return `${name} ${showValue(before[field])} -> ${showValue(after[field])}`;
  });
  return `${number}: ${changes.join(', ')}`;
}

function showValue(value: string | null | undefined): string {
  return value === null || value === undefined ? 'none' : `"${value}"`;
}
