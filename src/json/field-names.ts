// What the service calls the fields of a command: a command's names carry their units, which in JSON the values show.
import type { Checked } from '../operations/checked.ts';

const names = {
  receiptDate: 'receiptAt',
  operationDate: 'operationAt',
  sum: 'sumKopecks',
  sumWithDiscount: 'sumWithDiscountKopecks',
  bonusAccrued: 'bonusAccruedKopecks',
  bonusRedeemed: 'bonusRedeemedKopecks',
  accumulationDelta: 'accumulationDeltaKopecks',
  discount: 'discountKopecks',
  amount: 'amountKopecks',
} as const;

type Names = typeof names;
export type CommandOf<T> = { [Key in keyof T as Key extends keyof Names ? Names[Key] : Key]: T[Key] };

const toCommand = new Map<string, string>(Object.entries(names));
const toJson = new Map<string, string>(Object.entries(names).map(([json, command]) => [command, json]));

/** A body read, with the command's names of its own fields; those of what stands in it are renamed where that is read. */
export function toCommandNames<T extends object>(body: T): CommandOf<T> {
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [toCommand.get(name) ?? name, value]),
  ) as CommandOf<T>;
}

/** The same of a body of which a part may be all that could be read. */
export function renameChecked<T extends object>(input: Checked<T>): Checked<CommandOf<T>> {
  if (input.ok) return { ok: true, value: toCommandNames(input.value) };
  return { ...input, partial: toCommandNames(input.partial) as unknown as Partial<CommandOf<T>> };
}

/** "lines[2].sumKopecks" as the body has it: "lines[2].sum". */
export function nameField(path: string): string {
  return path.replace(/[A-Za-z]\w*/g, (name) => toJson.get(name) ?? name);
}
