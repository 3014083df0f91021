// One operation of a WSDL, drafted: the command that its name, its request and its reply speak for, and the lines of both.
import { commandFields, type CommandFields, type CommandName } from '../binding/command-fields.ts';
import type { Operation, Wrapper } from '../contract/model.ts';
import { isComplex, type ComplexType } from '../contract/schema.ts';
import {
  listFlexible,
  listVariants,
  type DocumentExample,
  type KnownDocuments,
  type Variant,
} from './document-variants.ts';
import type { Samples } from './draft-places.ts';
import { draftReply, fitOf as fitOfReply } from './draft-reply.ts';
import { draftRequest, fitOf as fitOfRequest } from './draft-request.ts';
import { readName } from './name-words.ts';
import { commandWords, exactTexts } from './phrases.ts';
import { round, type DraftedRule, type DraftedShape, type DraftedSide } from './proposal.ts';
import { scoreName } from './score-name.ts';

export interface DraftedCommand {
  readonly command: CommandName;
  readonly confidence: number;
  readonly reason: string;
  /** The one structure of the request that holds its fields; '' if they are the parameters themselves. */
  readonly root: string;
  readonly request: DraftedSide;
  readonly reply: DraftedSide;
  /** The request as it was taken, with a document in place of a string or without. */
  readonly requestVariant: Variant;
  /** The reply's type, with the document in place of its string. */
  readonly replyType: ComplexType;
  readonly requestDocument?: DraftedDocument;
  readonly replyDocument?: DraftedDocument;
  /** The reply has no place for a code: what is refused is answered as a fault. */
  readonly refusalsAreFaults: boolean;
}

export interface DraftedDocument {
  readonly place: string;
  readonly example: DocumentExample;
  readonly isRecorded: boolean;
  /** Elements of it that come any number of times: "Check/Line". */
  readonly lists: readonly string[];
  readonly confidence: number;
}

export interface DraftedOperation {
  readonly operation: Operation;
  /** Undefined if no command fits. */
  readonly drafted: DraftedCommand | undefined;
}

const ofName = 0.55;
const ofRequest = 0.25;
const ofReply = 0.2;
const leastName = 0.4;
const leastTotal = 0.5;
/** Two commands that are nearer to each other than this cannot be told apart. */
const margin = 0.03;
const notApart = 0.55;

interface Candidate {
  readonly drafted: DraftedCommand;
  readonly total: number;
}

export function draftOperation(operation: Operation, samples: Samples, documents: KnownDocuments): DraftedOperation {
  const name = readName(operation.name);
  const sides = {
    requests: listVariants(operation.request, 'request', documents, samples),
    replies: listVariants(operation.response, 'reply', documents, samples),
  };
  const candidates = (Object.keys(commandFields) as CommandName[])
    .flatMap((command) => draftCandidate(command, name, operation, sides))
    .filter(({ total }) => total >= leastTotal)
    .toSorted((a, b) => b.total - a.total);
  const [best, second] = candidates;
  if (best === undefined) return { operation, drafted: undefined };
  if (second === undefined || best.total - second.total >= margin) return { operation, drafted: best.drafted };
  const { drafted } = best;
  const reason = `${drafted.reason}; ${second.drafted.command} fits as well`;
  return { operation, drafted: { ...drafted, confidence: Math.min(drafted.confidence, notApart), reason } };
}

interface Sides {
  readonly requests: readonly Variant[];
  readonly replies: readonly Variant[];
}

interface DraftedVariant {
  readonly side: DraftedSide;
  readonly fit: number;
  readonly variant: Variant;
  readonly root: string;
}

function draftCandidate(
  command: CommandName,
  name: ReadonlySet<string>,
  operation: Operation,
  { requests, replies }: Sides,
): Candidate[] {
  const { called, subject } = commandWords[command];
  const meanings = new Set(subject);
  const { score, phrase } = scoreName(name, called, { around: new Set(), subject: meanings });
  if (score < leastName) return [];
  const fields: CommandFields = commandFields[command];
  const request = chooseVariant(
    requests.map((variant): DraftedVariant => {
      const { root, type, path } = findRoot(variant.wrapper);
      const context = {
        samples: variant.samples,
        subject: meanings,
        about: name,
        isOptional: false,
        exact: exactTexts[command] ?? [],
        flexible: listFlexible(variant),
      };
      const side = draftRequest(type, root === '' ? operation.name : type.name, fields.takes, path, context);
      return { side, fit: fitOfRequest(side, fields.takes), variant, root };
    }),
    name,
  );
  const reply = chooseVariant(
    replies.map((variant): DraftedVariant => {
      const { type, element } = variant.wrapper;
      const context = { samples: variant.samples, subject: meanings, about: name, flexible: listFlexible(variant) };
      const side = draftReply(type, element, fields.answers, element, context);
      return { side, fit: fitOfReply(side, fields.answers), variant, root: '' };
    }),
    name,
  );
  const total = ofName * score + ofRequest * request.fit + ofReply * reply.fit;
  const reason = `the name is that of "${phrase}", and its request and reply are those of the command`;
  const writesCode = reply.side.shape.rules.some(({ from }) => from === 'code');
  const requestDocument = describeDocument(request, ({ from }) => String(from));
  const replyDocument = describeDocument(reply, ({ key }) => key);
  return [
    {
      total,
      drafted: {
        command,
        confidence: round(score),
        reason,
        root: request.root,
        request: request.side,
        reply: reply.side,
        requestVariant: request.variant,
        replyType: reply.variant.wrapper.type,
        ...(requestDocument === undefined ? {} : { requestDocument }),
        ...(replyDocument === undefined ? {} : { replyDocument }),
        refusalsAreFaults: Object.hasOwn(fields.answers, 'code') && !writesCode,
      },
    },
  ];
}

const ofDocumentName = 0.2;
/** A document must fit this much better than the parameters as the WSDL has them. */
const betterBy = 0.1;

function chooseVariant(drafts: readonly DraftedVariant[], name: ReadonlySet<string>): DraftedVariant {
  const scoreOf = ({ fit, variant: { document } }: DraftedVariant): number => {
    const meanings = document?.example.meanings ?? new Set();
    return fit + ofDocumentName * ([...name].filter((meaning) => meanings.has(meaning)).length / (meanings.size || 1));
  };
  const [plain, ...withDocuments] = drafts as readonly [DraftedVariant, ...DraftedVariant[]];
  const fitting = withDocuments.filter(
    ({ fit, variant: { document } }) => document?.isRecorded === true || fit >= plain.fit + betterBy,
  );
  return fitting.reduce((best, draft) => (best === plain || scoreOf(draft) > scoreOf(best) ? draft : best), plain);
}

function describeDocument(
  { side, fit, variant: { document }, root }: DraftedVariant,
  pathOf: PathOf,
): DraftedDocument | undefined {
  if (document === undefined) return undefined;
  const { place, example, isRecorded } = document;
  const paths = listRepeated(side.shape, root, pathOf).map((path) => path.slice(place.length + 1));
  return { place, example, isRecorded, lists: [...new Set(paths)], confidence: round(fit) };
}

/** Paths from the wrapper of what comes more than once. */
function listRepeated({ rules }: DraftedShape, prefix: string, pathOf: PathOf): string[] {
  return rules.flatMap((rule) => {
    if (rule.inside === undefined) return [];
    const own = prefix === '' ? pathOf(rule) : `${prefix}/${pathOf(rule)}`;
    return [...(rule.repeats === true ? [own] : []), ...listRepeated(rule.inside, own, pathOf)];
  });
}

type PathOf = (rule: DraftedRule) => string;

function findRoot({ type, element }: Wrapper): { root: string; type: ComplexType; path: string } {
  const steps: string[] = [];
  let own = type;
  for (;;) {
    const [only, other] = own.fields;
    const isOne = only !== undefined && other === undefined && own.attributes.length === 0 && !only.repeated;
    if (!isOne || !isComplex(only.type)) break;
    steps.push(only.name);
    own = only.type;
  }
  return { root: steps.join('/'), type: own, path: [element, ...steps].join('/') };
}
