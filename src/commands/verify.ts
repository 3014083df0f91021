// `kkm verify`: whether every balance is what its movements, and deeper its receipts and documents, make.
import { setTimeout as pause } from 'node:timers/promises';
import { measureNames } from '../ledger/account.ts';
import { verifyCards, verifyRegisters, type CardDifference, type CardsCheck } from '../operations/verify-infobase.ts';
import { answer } from './answer.ts';
import { CommandFailed, commonFlags, defineCommand, runCommand, type CommandIo } from './command-io.ts';
import { describeDifference } from './doctor.ts';
import { formatSum } from '../ledger/money.ts';
import { withInfobase } from './open-infobase.ts';

const listed = 20;

const command = defineCommand({
  usage: '[--deep]',
  about: 'recomputes every balance from its movements, and names the first that differs; exit code 1 where one does',
  notes: [
    'A running service goes on meanwhile. A million cards: seconds.',
    '--deep reckons each card anew from its receipts and documents, with every night between (stage billing): minutes for',
    'a million cards. It goes by the settings returnFigures and restoreTerm as they stand: what was posted under others',
    'differs.',
  ],
  flags: { deep: { about: 'reckons each card from its receipts and documents as well' }, ...commonFlags },
  run: ({ flags }, io) =>
    withInfobase(io, flags, 'existing', async (infobase, clock) => {
      const registers = await verifyRegisters(infobase, (register) => io.showProgress?.(`adding up ${register}`));
      io.showProgress?.('');
      if (!flags.json) {
        for (const { register, difference } of registers) {
          io.out(difference === null ? `${register}: every card adds up` : describeDifference(difference));
        }
      }
      const cards = flags.deep ? await verifyCards(infobase, clock.now(), deepOptions(io)) : null;
      io.showProgress?.('');
      if (!flags.json && cards !== null) for (const line of tellCards(cards)) io.out(line);
      const isRight = registers.every(({ difference }) => difference === null) && !(isDone(cards) && cards.wrong > 0);
      const details = { registers: registers.map(showSums), cards: showCards(cards) };
      if (isRight) return answer(io, flags, { json: { ok: true, ...details }, lines: [] });
      throw new CommandFailed('not every balance is what makes it', { code: 'differs', details });
    }),
});

export function verify(args: string[], io: CommandIo): Promise<number> {
  return runCommand('kkm verify', command, args, io);
}

function deepOptions(io: CommandIo): Parameters<typeof verifyCards>[2] {
  return {
    limit: listed,
    afterPage: async (done, last) => {
      io.showProgress?.(`reckoning cards: ${last === 0 ? 100 : Math.min(100, Math.floor((100 * done) / last))} %`);
      await pause(0);
    },
  };
}

type DoneCheck = Extract<CardsCheck, { readonly code: 'done' }>;

function isDone(cards: CardsCheck | null): cards is DoneCheck {
  return cards?.code === 'done';
}

function tellCards(cards: CardsCheck): string[] {
  if (!isDone(cards)) return ['cards: the infobase is not in stage billing, so there is nothing to reckon'];
  if (cards.wrong === 0) return [`cards: ${cards.cards} reckoned from their receipts and documents, all in order`];
  const more = cards.wrong - cards.differences.length;
  return [
    `cards: ${cards.wrong} of ${cards.cards} are not what their receipts and documents make`,
    ...cards.differences.map(formatDifference),
    ...(more > 0 ? [`  ... and ${more} more`] : []),
  ];
}

function formatDifference({ cardNumber, missing }: CardDifference): string {
  const { balance, rows, pending } = missing;
  const sums = measureNames
    .filter((measure) => balance[measure] !== 0)
    .map((measure) => `${measure} ${measure === 'receipts' ? balance[measure] : formatSum(balance[measure])}`);
  const parts = [
    ...(sums.length === 0 ? [] : [`the balance lacks ${sums.join(', ')}`]),
    ...(rows.length === 0 ? [] : [`rows of accruals that differ: ${rows.length}`]),
    ...(pending.length === 0 ? [] : [`pending credits that differ: ${pending.length}`]),
  ];
  return `  card ${cardNumber}: ${parts.join('; ')}`;
}

function showSums({ register, difference }: Awaited<ReturnType<typeof verifyRegisters>>[number]): object {
  if (difference === null) return { register, difference };
  const { cardNumber, bonus, accumulation, receipts } = difference;
  return {
    register,
    difference: { card: cardNumber, bonus: formatSum(bonus), accumulation: formatSum(accumulation), receipts },
  };
}

function showCards(cards: CardsCheck | null): object | null {
  if (!isDone(cards)) return cards;
  const differences = cards.differences.map(({ cardNumber, missing: { balance, rows, pending } }) => {
    const { bonus, accumulation, receipts } = balance;
    const lacks = { bonus: formatSum(bonus), accumulation: formatSum(accumulation), receipts };
    return { card: cardNumber, lacks, rows: rows.length, pending: pending.length };
  });
  return { ...cards, differences };
}
