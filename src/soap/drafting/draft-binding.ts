// A binding proposed for a WSDL: every line with how sure it is and why, and everything that found no place.
import type { BindingFile } from '../binding/binding-file.ts';
import { commandFields } from '../binding/command-fields.ts';
import { examineBindingFile } from '../binding/load-binding.ts';
import type { ContractModel } from '../contract/model.ts';
import { assembleBinding } from './assemble-binding.ts';
import { draftOperation, type DraftedCommand, type DraftedDocument, type DraftedOperation } from './draft-operation.ts';
import { findRecordedDocuments } from './document-candidates.ts';
import { hintDocuments, readDocumentExamples } from './document-variants.ts';
import type { Samples } from './draft-places.ts';
import { hintChoice } from './hint-choice.ts';
import { leastConfidence, round, type DraftedShape } from './proposal.ts';

export interface ReportedLine {
  readonly side: 'command' | 'request' | 'reply';
  /** "receipt/lines/sumKopecks" of a request, "return/Card/Number" of a reply; the command's name. */
  readonly line: string;
  /** What stands on the other side of the line. */
  readonly from: string;
  readonly transform: string;
  readonly confidence: number;
  readonly reason: string;
}

export interface ReportedOperation {
  readonly operation: string;
  readonly command: string | null;
  /** The least of its lines; 0 where something is missing. */
  readonly confidence: number;
  readonly lines: readonly ReportedLine[];
  /** What is missing or wrong: `contract check` will not pass it. Without a command, why it has none. */
  readonly problems: readonly string[];
  /** Fields of the command, and values of its answer, that no line has. */
  readonly unplacedFields: readonly string[];
  /** What would make a better draft. */
  readonly hints: readonly string[];
  /** Places of the wire that no line has. */
  readonly unplacedPlaces: readonly string[];
}

export interface DraftedBinding {
  readonly file: Partial<BindingFile>;
  /** Operations of the file to which something is missing: with one of them the file does not load. */
  readonly incomplete: readonly string[];
  readonly operations: readonly ReportedOperation[];
  /** Commands that are proposed for no operation. */
  readonly unboundCommands: readonly string[];
}

/**
 * @param folder of the contract.
 * @param onlyComplete leaves an operation with something missing out of the file; it is reported all the same.
 */
export function draftBinding(
  folder: string,
  model: ContractModel,
  samples: Samples,
  onlyComplete = false,
): DraftedBinding {
  const examples = readDocumentExamples(folder);
  const documents = { examples, recorded: findRecordedDocuments(model.operations, samples) };
  const drafted = model.operations.map((operation) => draftOperation(operation, samples, documents));
  const complete = drafted.filter(({ drafted: command }) => command !== undefined && listGaps(command).length === 0);
  const { whole } = assembleBinding(complete);
  const examined = examineBindingFile(folder, whole, model).operations;
  const mistakesOf = new Map(examined.map(({ operation, mistakes }) => [operation.name, mistakes]));
  const sound = complete.filter(({ operation }) => mistakesOf.get(operation.name)?.length === 0);
  const proposed = drafted.filter(({ drafted: command }) => command !== undefined);
  const bound = new Set(proposed.map(({ drafted: command }) => command!.command as string));
  return {
    file: assembleBinding(onlyComplete ? sound : proposed).file,
    incomplete: onlyComplete
      ? []
      : proposed.filter((one) => !sound.includes(one)).map(({ operation }) => operation.name),
    operations: drafted.map((one) => {
      const { name, request, response } = one.operation;
      const hints = [request, response].flatMap((side) => hintDocuments(side, examples, samples));
      if (one.drafted !== undefined) hints.push(...hintChoice(name, one.drafted));
      return { ...reportOperation(one, mistakesOf.get(name) ?? []), hints };
    }),
    unboundCommands: Object.keys(commandFields).filter((command) => !bound.has(command)),
  };
}

function listGaps({ request, reply }: DraftedCommand): string[] {
  return [
    ...request.missing.map((field) => `no place was found for ${field}, which the command needs`),
    ...reply.missing.map((place) => `nothing was found for ${place}, which the schema requires`),
  ];
}

function reportOperation(
  { operation, drafted }: DraftedOperation,
  mistakes: readonly string[],
): Omit<ReportedOperation, 'hints'> {
  if (drafted === undefined) {
    return {
      operation: operation.name,
      command: null,
      confidence: 0,
      lines: [],
      problems: ['no command fits its name, its request and its reply: give it one, "answer", or a file of replies'],
      unplacedFields: [],
      unplacedPlaces: [],
    };
  }
  const { command, confidence, reason, request, reply } = drafted;
  const lines: ReportedLine[] = [
    { side: 'command', line: command, from: operation.name, transform: 'command', confidence, reason },
    ...listDocumentLines('request', drafted.requestDocument),
    ...listLines('request', '', request.shape),
    ...listDocumentLines('reply', drafted.replyDocument),
    ...listLines('reply', '', reply.shape),
    ...listFaultLines(drafted),
  ];
  const problems = [...listGaps(drafted), ...mistakes];
  return {
    operation: operation.name,
    command,
    confidence: problems.length > 0 ? 0 : Math.min(...lines.map((line) => line.confidence)),
    lines,
    problems,
    unplacedFields: [
      ...request.unplacedFields.map((field) => `field ${field}`),
      ...reply.unplacedFields.map((field) => `answer ${field}`),
    ],
    unplacedPlaces: [
      ...request.unplacedPlaces.map((place) => `request ${drafted.root === '' ? '' : `${drafted.root}/`}${place}`),
      ...reply.unplacedPlaces.map((place) => `reply ${place}`),
    ],
  };
}

function listDocumentLines(side: 'request' | 'reply', document: DraftedDocument | undefined): ReportedLine[] {
  if (document === undefined) return [];
  const { place, example, isRecorded, lists, confidence } = document;
  const repeated = lists.length === 0 ? '' : `; taken for lists: ${lists.join(', ')}`;
  const why = isRecorded ? 'such a document was recorded there' : 'its elements are those of the command';
  const reason = `${why}${repeated}`;
  return [{ side, line: place, from: example.example, transform: 'document', confidence, reason }];
}

function listFaultLines({ refusalsAreFaults }: DraftedCommand): ReportedLine[] {
  if (!refusalsAreFaults) return [];
  const reason = 'the reply has no place for a code: refusals are answered as faults';
  return [
    { side: 'reply', line: 'faults', from: 'refusals', transform: 'faults', confidence: leastConfidence, reason },
  ];
}

function listLines(side: 'request' | 'reply', prefix: string, { rules }: DraftedShape): ReportedLine[] {
  return rules.flatMap(({ key, from, transform, options, table, confidence, reason, inside }) => {
    const line = prefix === '' ? key : `${prefix}/${key}`;
    const said = options === undefined ? '' : ` ${JSON.stringify(options)}`;
    const words = table === undefined ? '' : ` ${JSON.stringify(table)}`;
    const shown = typeof from === 'string' ? from : from.join(' + ');
    const own = { side, line, from: shown, transform: transform + said + words, confidence: round(confidence), reason };
    return [own, ...(inside === undefined ? [] : listLines(side, line, inside))];
  });
}
