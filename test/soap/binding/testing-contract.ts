// Contract folders made for a test: a WSDL from a table, a binding from an object, files beside them.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { BoundCommand, BoundOperation } from '../../../src/soap/binding/bound-operation.ts';
import { loadContractFolder, type LoadedContract } from '../../../src/soap/load-contract-folder.ts';
import { formWsdl, parseTable } from '../contract/wsdl-form.ts';

const head = 'namespace urn:test\nservice Test\naddress http://127.0.0.1:8080/trade/ws/Test.1cws\n';

export function formTestWsdl(table: string): string {
  return formWsdl(parseTable(head + table), '\r\n');
}

/** @param table lines "operation Name(A string) -> integer" and "type Name: A string?", as fixtures/soap-contract has them. */
export function makeContract(table: string, binding: object, files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'kkm-contract-'));
  writeFileSync(join(folder, 'Test.wsdl'), formTestWsdl(table));
  writeFileSync(join(folder, 'binding.json'), JSON.stringify({ emptyMoments: ['0001-01-01T00:00:00'], ...binding }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

export function loadTestContract(...given: Parameters<typeof makeContract>): LoadedContract {
  return loadContractFolder(makeContract(...given));
}

export function getOperation({ binding }: LoadedContract, name: string): BoundOperation {
  const bound = binding.get(name);
  if (bound === undefined) throw new Error(`${name} is not in the contract`);
  return bound;
}

export function getCommand(contract: LoadedContract, name: string): BoundCommand {
  const bound = getOperation(contract, name);
  if (bound.does !== 'command') throw new Error(`${name} calls no command`);
  return bound;
}
