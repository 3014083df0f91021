// `kkm cards range`: «Групповой ввод дисконтных карт».
import { setTimeout as pause } from 'node:timers/promises';
import { createCardRange, type CardRangeRequest } from '../../operations/cards/create-card-range.ts';
import type { CreatedNumbers } from '../../operations/cards/create-numbers.ts';
import { rangeLimit } from '../../operations/cards/read-number-range.ts';
import { answer } from '../answer.ts';
import { CommandFailed, commonFlags, defineCommand, dryRunFlag, UsageMistake } from '../command-io.ts';
import { countOf } from '../../ledger/count-of.ts';
import { withInfobase } from '../open-infobase.ts';

/**
 * Between transactions of about 10 ms: a service that waits for the database looks every millisecond at first whether it
 * is free, so its calls get in here. A million cards: 7 s, of which 2 s are these pauses.
 */
export const pauseMs = 4;

const flagNames: Readonly<Record<keyof CardRangeRequest, string>> = {
  prefix: '--prefix',
  from: '--from',
  to: '--to',
  width: '--width',
  kindCode: '--kind',
};

export const cardsRange = defineCommand({
  usage: '--prefix 29 --from 1 --to 1000 --width 11 --kind CODE',
  about: 'makes the cards of a range of numbers; existing numbers are left as they are and counted',
  notes: [
    '--width is the number of digits after the prefix, padded with zeros: --prefix 29 --from 1 --width 11 begins with',
    `2900000000001 (13 digits, as an EAN-13 bar code has). ${rangeLimit} cards at most in one run.`,
    'After an interruption, run it again: it makes the rest. A running service may go on meanwhile.',
  ],
  flags: {
    prefix: { takes: 'TEXT', about: 'what every number begins with (default: nothing)' },
    from: { takes: 'N', isRequired: true, about: 'first number of the range' },
    to: { takes: 'N', isRequired: true, about: 'last number of the range' },
    width: { takes: 'N', about: 'digits after the prefix (default: as many as --to has)' },
    kind: { takes: 'CODE', isRequired: true, about: 'card kind of the new cards' },
    ...dryRunFlag,
    ...commonFlags,
  },
  run: ({ flags }, io) => {
    const { prefix = '', from, to, width, kind: kindCode } = flags;
    const isDryRun = flags['dry-run'];
    return withInfobase(io, flags, 'existing', async (infobase) => {
      const afterTurn = async (done: number, all: number): Promise<void> => {
        io.showProgress?.(`${done} of ${all} cards`);
        if (done < all) await pause(pauseMs);
      };
      const outcome = await createCardRange(infobase, { prefix, from, to, width, kindCode }, { isDryRun, afterTurn });
      io.showProgress?.('');
      if (!outcome.ok) throw refuseRange(outcome.field, outcome.why);
      const { first, last, created, skipped } = outcome;
      return answer(io, flags, {
        json: { first, last, created, skipped, isDryRun },
        lines: describeRange(outcome, isDryRun, 'card', kindCode),
      });
    });
  },
});

/** "made 12 cards from 29001 to 29020 of kind "GOLD"; 8 numbers exist already" */
export function describeRange(
  { first, last, created, skipped }: CreatedNumbers,
  isDryRun: boolean,
  thing: string,
  kindCode: string,
): string {
  const made = `${isDryRun ? 'would make' : 'made'} ${countOf(created, thing)} from ${first} to ${last}`;
  const there = `${countOf(skipped, 'number')} ${skipped === 1 ? 'exists' : 'exist'} already`;
  return `${made} of kind "${kindCode}"${skipped === 0 ? '' : `; ${there}`}`;
}

/** The flags are those of cards and certificates alike. */
export function refuseRange(field: keyof CardRangeRequest, why: string): UsageMistake | CommandFailed {
  const flag = flagNames[field];
  const message = `${flag}: ${why}`;
  // A kind that is missing is mended by making it, a range by typing it again.
  if (field !== 'kindCode') return new UsageMistake(message, flag);
  return new CommandFailed(message, { code: 'not_found', field: flag });
}
