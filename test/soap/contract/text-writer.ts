// Replies as text, for tests that compare what they say; the service writes them as octets.
import type { ContractModel } from '../../../src/soap/contract/model.ts';
import { readOctets } from '../../../src/soap/contract/octets.ts';
import { compileWriter, type WriteReply } from '../../../src/soap/contract/writer.ts';

export type WriteText = (...reply: Parameters<WriteReply>) => string;

export function compileTextWriter(model: ContractModel): WriteText {
  const write = compileWriter(model);
  return (...reply) => readOctets(write(...reply));
}
