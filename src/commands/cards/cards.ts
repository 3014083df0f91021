// `kkm cards`: the catalog «Дисконтные карты».
import { cardsDebts } from './cards-debts.ts';
import { cardsImport } from './cards-import.ts';
import { cardsRange } from './cards-range.ts';
import { cardsSet } from './cards-set.ts';
import { cardsShow } from './cards-show.ts';
import { runGroup, type CommandIo } from '../command-io.ts';

export function cards(args: string[], io: CommandIo): Promise<number> {
  const commands = { range: cardsRange, import: cardsImport, set: cardsSet, show: cardsShow, debts: cardsDebts };
  return runGroup('kkm cards', commands, args, io);
}
