// A contract's folder as the tests of this one look at it: its WSDL as a model, its binding.json as data, and the examples of
// its documents.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  listCalls,
  listChoosePlaces,
  parseBindingFile,
  type BindingFile,
  type CallText,
} from '../../../src/soap/binding/binding-file.ts';
import { readDocumentTemplate, type DocumentTemplate } from '../../../src/soap/binding/document-template.ts';
import { compileReader, type ReadCall } from '../../../src/soap/contract/reader.ts';
import type { Operation } from '../../../src/soap/contract/model.ts';
import { loadContractFolder, type LoadedContract } from '../../../src/soap/load-contract-folder.ts';

export interface TestedContract extends LoadedContract {
  readonly folder: string;
  readonly file: BindingFile;
  readonly templates: ReadonlyMap<string, DocumentTemplate>;
  /** Reads a reply by the response's own type. */
  readonly readResponse: (xml: string) => ReadCall;
}

export function openTestedContract(folder: string): TestedContract {
  const loaded = loadContractFolder(folder);
  const file = parseBindingFile(readFileSync(join(folder, 'binding.json'), 'utf8'));
  const templates = Object.entries(file.documents).map(([name, { example, lists }]) => {
    return [name, readDocumentTemplate(readFileSync(join(folder, example), 'utf8'), lists)] as const;
  });
  const { model } = loaded.contract;
  const responses = model.operations.map((operation) => ({ ...operation, request: operation.response }));
  const readResponse = compileReader({ ...model, operations: responses });
  return { ...loaded, folder, file, templates: new Map(templates), readResponse };
}

/** What one operation of the WSDL does, in one of its cases. */
export interface FoundCall {
  readonly operation: Operation;
  readonly call: CallText;
  /** The value at a place of the request that chooses this case. */
  readonly choice: { readonly place: string; readonly value: string } | undefined;
  readonly requestDocuments: Readonly<Record<string, string>>;
}

export function listFoundCalls({ file, contract }: TestedContract): FoundCall[] {
  return contract.model.operations.flatMap((operation): FoundCall[] => {
    const text = file.operations[operation.name];
    if (text === undefined || 'answer' in text) return [];
    const requestDocuments = text.requestDocuments ?? {};
    const [place] = 'choose' in text ? listChoosePlaces(text) : [];
    return listCalls(text).map(([value, call]) => {
      const choice = place === undefined || value === undefined ? undefined : { place, value };
      return { operation, call, choice, requestDocuments };
    });
  });
}

export function findCall(tested: TestedContract, command: string): FoundCall {
  const found = listFoundCalls(tested).find(({ call }) => call.command === command);
  if (found === undefined) throw new Error(`${tested.folder} has no operation for ${command}`);
  return found;
}
