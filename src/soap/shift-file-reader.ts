// Shift reports that come as files: the envelope of an upload or its bare element, JSON with the same names, or a table.
// All become the wire tree of that one operation and are read by its binding, so a file has the same result as the call.
import { firstMoment } from '../ledger/local-date-time.ts';
import { resultCodes } from '../ledger/result.ts';
import type { Receipt } from '../ledger/receipt.ts';
import { shiftFileExtensions, type ReadShiftFile, type ShiftFileReader } from '../operations/exchange/shift-file.ts';
import type { ReceiptUpload } from '../operations/receipts/upload-receipts.ts';
import { boundReceipt, boundTexts } from '../operations/bound-texts.ts';
import type { Checked } from '../operations/checked.ts';
import { nextTurn } from '../operations/next-turn.ts';
import { listCommands, type Binding, type BoundCommand } from './binding/bound-operation.ts';
import type { ShapeText } from './binding/binding-file.ts';
import { readRule, readsNothing, type Rule } from './binding/rule.ts';
import { describeInWireWords } from './binding/write-transforms.ts';
import type { Contract } from './contract/contract.ts';
import type { Operation } from './contract/model.ts';
import { compilePlainTree, PlainValueError } from './contract/plain-tree.ts';
import { isComplex, type ComplexType } from './contract/schema.ts';
import { envelopeNamespaces } from './contract/soap-version.ts';
import { UnreadableRequest } from './contract/unreadable-request.ts';
import type { WireTree } from './contract/wire-tree.ts';
import { decodeBody } from './decode.ts';
import { readLongRequest } from './read-long-request.ts';
import { compileReceiptTable } from './receipt-table.ts';

/** Names of the upload on the wire, from the contract and its binding. */
interface UploadNames {
  readonly operation: Operation;
  readonly bound: BoundCommand;
  /** The parameter, '' if the operation has its values as parameters; and its elements for the till and for a receipt. */
  readonly parameter: string;
  readonly kkm: string;
  readonly receipt: string;
  readonly receiptShape: ShapeText;
  readonly uploadType: ComplexType;
  readonly receiptType: ComplexType;
}

/** A file that cannot be read, with the place in it. */
class UnreadableFile extends Error {}

type Read = (bytes: Buffer, kkm: string | undefined) => WireTree | Promise<WireTree>;

/**
 * @param binding of the contract.
 * @returns undefined if no operation of the contract takes the receipts of a report as a plain list: then its names are
 * of no use in a file.
 */
export function openShiftFileReader(contract: Contract, binding: Binding): ShiftFileReader | undefined {
  const names = findUpload(contract, binding);
  if (names === undefined) return undefined;
  const { bound } = names;
  const readTable = compileTable(names);
  const readers: Readonly<Record<string, Read>> = {
    '.xml': compileXml(contract, names),
    '.json': compileJson(names),
    '.csv': readTable,
    '.xlsx': readTable,
  };
  return {
    async read(name, bytes, kkm, readZoned) {
      const read = readers[/\.[^.]*$/.exec(name)?.[0].toLowerCase() ?? ''];
      if (read === undefined) return { ok: false, why: `${name}: expected ${shiftFileExtensions.join(', ')}` };
      try {
        // No rule of such an upload asks what time it is.
        const upload = bound.toCommand(await read(bytes, kkm), { readZoned, now: firstMoment });
        return await check(upload as Checked<unknown> as Checked<ReceiptUpload>, names);
      } catch (reason) {
        const isOfFile =
          reason instanceof UnreadableFile || reason instanceof UnreadableRequest || reason instanceof PlainValueError;
        if (!isOfFile) throw reason;
        return { ok: false, why: reason.message };
      }
    },
    describe: (code, trouble) => describeInWireWords(code, trouble, bound.itemNaming),
  };
}

function findUpload(contract: Contract, binding: Binding): UploadNames | undefined {
  for (const operation of contract.model.operations) {
    const bound = listCommands(binding.get(operation.name)!).find(({ command }) => command === 'uploadReceipts');
    if (bound === undefined || bound.source.hasDocuments) continue;
    const { request, file } = bound.source;
    const shape = file.requests[request?.options.shape ?? ''] ?? {};
    const receipts = shape.receipts === undefined ? undefined : readRule(shape.receipts);
    const receiptShape = file.requests[receipts?.options.shape ?? ''];
    if (request === undefined || receipts === undefined || receiptShape === undefined) continue;
    const rules = [...Object.values(shape), ...Object.values(receiptShape)].map(readRule);
    if (![request, ...rules].every(isPlain)) continue;
    const [parameter] = request.from;
    const [receipt] = receipts.from;
    const uploadType = parameter === '' ? operation.request.type : findComplex(operation.request.type, parameter);
    const receiptType = findComplex(uploadType, receipt);
    const kkm = shape.kkm === undefined ? '' : readRule(shape.kkm).from[0];
    return { operation, bound, parameter, kkm, receipt, receiptShape, uploadType, receiptType };
  }
  return undefined;
}

/** Whether a value stands in one element of its own, as a column or a key of a file does. */
function isPlain(rule: Rule): boolean {
  return !readsNothing(rule) && rule.from.length === 1 && !/[/@#]/.test(rule.from[0]);
}

function findComplex(type: ComplexType, name: string): ComplexType {
  const field = type.fields.find((candidate) => candidate.name === name);
  if (field === undefined || !isComplex(field.type)) throw new Error(`${type.name} has no elements under ${name}`);
  return field.type;
}

/** Some milliseconds: tills are served meanwhile. */
const sliceReceipts = 500;

/** All of a file or nothing: the first receipt that is not well formed is reported. */
async function check(sent: Checked<ReceiptUpload>, { bound, receipt }: UploadNames): Promise<ReadShiftFile> {
  const upload = boundTexts(sent, ['kkm']);
  const describe = describeInWireWords.bind(undefined, resultCodes.badArgument);
  if (!upload.ok) return { ok: false, why: describe(upload.trouble, bound.naming) };
  const receipts: Receipt[] = [];
  for (let from = 0; from < upload.value.receipts.length; from += sliceReceipts) {
    if (from > 0) await nextTurn();
    for (const one of upload.value.receipts.slice(from, from + sliceReceipts).map(boundReceipt)) {
      if (!one.ok) {
        return { ok: false, why: `${receipt}[${receipts.length + 1}]: ${describe(one.trouble, bound.itemNaming)}` };
      }
      receipts.push(one.value);
    }
  }
  return { ok: true, kkm: upload.value.kkm, receipts };
}

function compileXml(contract: Contract, { operation, parameter }: UploadNames): Read {
  const { namespace } = contract;
  const { element } = operation.request;
  const envelope = envelopeNamespaces['1.1'];
  // On a line of its own, so that places in the file are those that an editor shows.
  const wrap = (text: string, isParameter: boolean): string => {
    const [open, close] = isParameter ? [`<${element}>`, `</${element}>`] : ['', ''];
    const head = `<e:Envelope xmlns:e="${envelope}" xmlns="${namespace}"><e:Body>${open}`;
    return `${head}\n${text}\n${close}</e:Body></e:Envelope>`;
  };
  return async (bytes) => {
    const text = decodeBody(bytes, undefined);
    const root = findRoot(text);
    if (root === 'Envelope') return readOperation(text);
    const bare = text.replace(/^\s*<\?xml\s[^>]*\?>/, (declaration) => declaration.replace(/[^\n]/g, ' '));
    try {
      return await readOperation(wrap(bare, root === parameter && parameter !== ''));
    } catch (reason) {
      if (!(reason instanceof UnreadableRequest)) throw reason;
      throw new UnreadableFile(reason.message.replace(/\(строка (\d+)/, (_, line) => `(строка ${Number(line) - 1}`));
    }
  };
  async function readOperation(text: string): Promise<WireTree> {
    const call = await readLongRequest(contract, text);
    if (call.operation === operation.name) return call.arguments;
    throw new UnreadableFile(`Ожидалась операция ${operation.name}, получена ${call.operation}`);
  }
}

/** The local name of the first element; '' lets the reader report what is wrong. */
function findRoot(text: string): string {
  let at = 0;
  for (;;) {
    while (/\s/.test(text.charAt(at))) at += 1;
    const end = text.startsWith('<?', at) ? '?>' : text.startsWith('<!--', at) ? '-->' : undefined;
    if (end === undefined) break;
    const close = text.indexOf(end, at + 2);
    if (close === -1) return '';
    at = close + end.length;
  }
  return /^<(?:[^\s<>/:!?]+:)?([^\s<>/:!?]+)/.exec(text.slice(at, at + 300))?.[1] ?? '';
}

function compileJson({ operation, parameter, uploadType }: UploadNames): Read {
  const readUpload = compilePlainTree(uploadType);
  return (bytes) => {
    const text = decodeBody(bytes, undefined);
    let given: unknown;
    try {
      given = JSON.parse(text);
    } catch (reason) {
      throw new UnreadableFile(`JSON не разобран: ${(reason as Error).message}`);
    }
    // The upload alone, or in what is around it on the wire.
    for (const name of [operation.request.element, parameter]) {
      if (isRecord(given) && Object.keys(given).length === 1 && Object.hasOwn(given, name)) given = given[name];
    }
    return placeUpload(parameter, readUpload(given, ''));
  };
}

function placeUpload(parameter: string, upload: WireTree): WireTree {
  return parameter === '' ? upload : { [parameter]: upload };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function compileTable(names: UploadNames): Read {
  const { bound, parameter, kkm: kkmName, receipt: receiptName, receiptShape, receiptType } = names;
  const readTable = compileReceiptTable(receiptType, receiptShape, bound.source.file);
  const readReceipt = compilePlainTree(receiptType);
  const ownKkm = receiptShape.kkm === undefined ? '' : readRule(receiptShape.kkm).from[0];
  return async (bytes, kkm) => {
    const table = await readTable(bytes, kkm);
    if (!table.ok) throw new UnreadableFile(table.why);
    const receipts = table.rows.map(({ line, receipt }) => readReceipt(receipt, `line ${line}`));
    const till = kkm ?? (receipts[0]?.[ownKkm] as string | undefined) ?? '';
    return placeUpload(parameter, { [kkmName]: till, [receiptName]: receipts });
  };
}
