// Every name of a contract with how it is known: documented, observed or assumed, and where that is seen.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseBindingFile } from '../../soap/binding/binding-file.ts';
import type { ContractModel } from '../../soap/contract/model.ts';
import { isComplex, type ComplexType } from '../../soap/contract/schema.ts';
import { evidenceMarks, type EvidenceFile, type EvidenceMark, type Known } from './evidence-file.ts';
import type { Recordings } from './read-recordings.ts';

export interface EvidenceLine {
  readonly name: string;
  readonly what: 'operation' | 'parameter' | 'element' | 'attribute';
  readonly evidence: EvidenceMark;
  readonly source?: string | undefined;
  /** The recording that lifts it from assumed to observed, if this run does. */
  readonly lifted?: true;
  /** The recording in which it came. */
  readonly seen?: string;
}

type Name = Pick<EvidenceLine, 'name' | 'what'> & { readonly operation: string };

export function listEvidence(
  folder: string,
  model: ContractModel,
  file: EvidenceFile,
  { files }: Recordings,
): EvidenceLine[] {
  const ofOperations = readOperationEvidence(folder);
  return listNames(model).map(({ name, what, operation }) => {
    const own = Object.hasOwn(file.names, name) ? file.names[name] : undefined;
    const known: Known = own ?? ofOperations.get(operation) ?? defaultOf(file);
    const seen = files.get(name);
    if (seen === undefined) return { name, what, ...known };
    if (known.evidence !== 'assumed') return { name, what, ...known, seen };
    return { name, what, evidence: 'observed', source: seen, lifted: true, seen };
  });
}

/** Names of evidence.json that the WSDL does not have. */
export function listStrangeNames(model: ContractModel, { names }: EvidenceFile): string[] {
  const known = new Set(listNames(model).map(({ name }) => name));
  return Object.keys(names).filter((name) => !known.has(name));
}

function defaultOf({ default: evidence, source }: EvidenceFile): Known {
  return source === undefined ? { evidence } : { evidence, source };
}

const markForm = new RegExp(`^(${evidenceMarks.join('|')})\\b[\\s:;,.]*(.*)$`, 's');

/** The word of binding.json about an operation, which is of all its names: "observed: a till's log". */
function readOperationEvidence(folder: string): ReadonlyMap<string, Known> {
  const path = join(folder, 'binding.json');
  if (!existsSync(path)) return new Map();
  const { operations } = parseBindingFile(readFileSync(path, 'utf8'));
  return new Map(
    Object.entries(operations).flatMap(([operation, { evidence = '' }]) => {
      const [, mark, source = ''] = markForm.exec(evidence) ?? [];
      if (mark === undefined) return [];
      const known = { evidence: mark as EvidenceMark, ...(source === '' ? {} : { source }) };
      return [[operation, known] as const];
    }),
  );
}

function listNames({ operations }: ContractModel): Name[] {
  const names = new Map<string, Name>();
  for (const { name: operation, request, response } of operations) {
    for (const { element, type } of [request, response]) {
      names.set(element, { name: element, what: 'operation', operation });
      collectNames(type, element, operation, [type], names);
    }
  }
  return [...names.values()];
}

/** `open` are the types that lead here: one that contains itself is listed once. */
function collectNames(
  type: ComplexType,
  prefix: string,
  operation: string,
  open: readonly ComplexType[],
  names: Map<string, Name>,
): void {
  const isWrapper = open.length === 1;
  for (const { name } of type.attributes) {
    names.set(`${prefix}/@${name}`, { name: `${prefix}/@${name}`, what: 'attribute', operation });
  }
  for (const field of type.fields) {
    const name = `${prefix}/${field.name}`;
    names.set(name, { name, what: isWrapper ? 'parameter' : 'element', operation });
    if (isComplex(field.type) && !open.includes(field.type)) {
      collectNames(field.type, name, operation, [...open, field.type], names);
    }
  }
}
