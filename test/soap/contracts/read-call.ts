// A request of the default contract as a command with its fields, by the data of its binding.
import { findShape, readRule } from '../../../src/soap/binding/rule.ts';
import type { ShapeText } from '../../../src/soap/binding/binding-file.ts';
import type { WireTree, WireValue } from '../../../src/soap/contract/wire-tree.ts';
import type { TestedContract } from './tested-contract.ts';
import type { Told, ToldCall, ToldFields } from './told.ts';

/** @throws UnreadableRequest */
export function readCall({ file, contract }: TestedContract, xml: string): ToldCall {
  const { operation, arguments: tree } = contract.readRequest(xml);
  const text = file.operations[operation];
  if (text === undefined || !('command' in text)) throw new Error(`${operation} has no command`);
  const { command, request } = text;
  if (request === undefined) return { command, fields: {} };
  const { from, options } = readRule(request);
  return { command, fields: readShape(findShape(file.requests, options.shape), tree[from[0]] as WireTree) };

  function readShape(shape: ShapeText, inside: WireTree): ToldFields {
    return Object.fromEntries(
      Object.entries(shape).map(([field, rule]) => [field, readField(readRule(rule), inside)] as const),
    );
  }

  function readField({ from: [place], options: { shape } }: ReturnType<typeof readRule>, inside: WireTree): Told {
    const value = inside[place] ?? null;
    if (value === null || typeof value === 'string') return value;
    const inner = findShape(file.requests, shape);
    if (!Array.isArray(value)) return readShape(inner, value as WireTree);
    const items = (value as readonly WireValue[]).filter((item) => item !== null);
    return items.map((item) => readShape(inner, item as WireTree));
  }
}
