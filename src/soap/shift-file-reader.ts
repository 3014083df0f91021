// Shift reports that come as files: the envelope of an upload or its bare element, JSON with the same names, or a table.
// All become the wire tree of that one operation and are read by its binding, so a file has the same result as the call.
import { resultCodes } from '../ledger/result.ts';
import type { Receipt } from '../ledger/receipt.ts';
import { shiftFileExtensions, type ReadShiftFile, type ShiftFileReader } from '../operations/exchange/shift-file.ts';
import type { ReceiptUpload } from '../operations/receipts/upload-receipts.ts';
import { boundReceipt, boundTexts } from '../operations/bound-texts.ts';
import type { Checked } from '../operations/checked.ts';
import type { BoundOperation } from './binding.ts';
import type { Contract } from './contract/contract.ts';
import type { Operation } from './contract/model.ts';
import { compilePlainTree, PlainValueError } from './contract/plain-tree.ts';
import { isComplex, type ComplexType } from './contract/schema.ts';
import { envelopeNamespaces } from './contract/soap-version.ts';
import { UnreadableRequest } from './contract/unreadable-request.ts';
import type { WireTree } from './contract/wire-tree.ts';
import { decodeBody } from './decode.ts';
import { compileReceiptTable } from './receipt-table.ts';
import { describeInWireWords } from './transforms.ts';

/** Names of the upload on the wire, from the contract and its binding. */
interface UploadNames {
  readonly operation: Operation;
  readonly bound: BoundOperation;
  /** The parameter, and its elements for the till and for a receipt. */
  readonly parameter: string;
  readonly kkm: string;
  readonly receipt: string;
  readonly receiptShape: string;
  readonly uploadType: ComplexType;
  readonly receiptType: ComplexType;
}

/** A file that cannot be read, with the place in it. */
class UnreadableFile extends Error {}

type Read = (bytes: Buffer, kkm: string | undefined) => WireTree | Promise<WireTree>;

/**
 * @param binding of the contract.
 * @throws Error if no operation of the contract takes receipts of a report.
 */
export function openShiftFileReader(contract: Contract, binding: ReadonlyMap<string, BoundOperation>): ShiftFileReader {
  const names = findUpload(contract, binding);
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
        const upload = bound.toCommand(await read(bytes, kkm), readZoned);
        return check(upload as Checked<unknown> as Checked<ReceiptUpload>, names);
      } catch (reason) {
        const isOfFile =
          reason instanceof UnreadableFile || reason instanceof UnreadableRequest || reason instanceof PlainValueError;
        if (!isOfFile) throw reason;
        return { ok: false, why: reason.message };
      }
    },
    describe: (code, trouble) => describeInWireWords(code, trouble, bound.naming),
  };
}

function findUpload(contract: Contract, binding: ReadonlyMap<string, BoundOperation>): UploadNames {
  for (const operation of contract.model.operations) {
    const bound = binding.get(operation.name);
    if (bound?.command !== 'uploadReceipts') continue;
    const [parameter, , shapeName = ''] = bound.source.request ?? [''];
    const shape = bound.source.shapes[shapeName] ?? {};
    const [kkm = '', [receipt = '', , receiptShape = ''] = []] = [shape.kkm?.[0], shape.receipts];
    const uploadType = findComplex(operation.request.type, parameter);
    const receiptType = findComplex(uploadType, receipt);
    return { operation, bound, parameter, kkm, receipt, receiptShape, uploadType, receiptType };
  }
  throw new Error('no operation of the contract is bound to uploadReceipts: the exchange folder cannot be read');
}

function findComplex(type: ComplexType, name: string): ComplexType {
  const field = type.fields.find((candidate) => candidate.name === name);
  if (field === undefined || !isComplex(field.type)) throw new Error(`${type.name} has no elements under ${name}`);
  return field.type;
}

/** All of a file or nothing: the first receipt that is not well formed is reported. */
function check(sent: Checked<ReceiptUpload>, { bound, receipt }: UploadNames): ReadShiftFile {
  const upload = boundTexts(sent, ['kkm']);
  const describe = describeInWireWords.bind(undefined, resultCodes.badArgument);
  if (!upload.ok) return { ok: false, why: describe(upload.trouble, bound.naming) };
  const receipts: Receipt[] = [];
  for (const [index, one] of upload.value.receipts.map(boundReceipt).entries()) {
    if (!one.ok) return { ok: false, why: `${receipt}[${index + 1}]: ${describe(one.trouble, bound.naming)}` };
    receipts.push(one.value);
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
  return (bytes) => {
    const text = decodeBody(bytes, undefined);
    const root = findRoot(text);
    if (root === 'Envelope') return readOperation(text);
    const bare = text.replace(/^\s*<\?xml\s[^>]*\?>/, (declaration) => declaration.replace(/[^\n]/g, ' '));
    try {
      return readOperation(wrap(bare, root === parameter));
    } catch (reason) {
      if (!(reason instanceof UnreadableRequest)) throw reason;
      throw new UnreadableFile(reason.message.replace(/\(строка (\d+)/, (_, line) => `(строка ${Number(line) - 1}`));
    }
  };
  function readOperation(text: string): WireTree {
    const call = contract.readRequest(text);
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
    return { [parameter]: readUpload(given, '') };
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function compileTable(names: UploadNames): Read {
  const { bound, parameter, kkm: kkmName, receipt: receiptName, receiptShape, receiptType } = names;
  const readTable = compileReceiptTable(receiptType, receiptShape, bound.source);
  const readReceipt = compilePlainTree(receiptType);
  const ownKkm = bound.source.shapes[receiptShape]?.kkm?.[0] ?? '';
  return async (bytes, kkm) => {
    const table = await readTable(bytes, kkm);
    if (!table.ok) throw new UnreadableFile(table.why);
    const receipts = table.rows.map(({ line, receipt }) => readReceipt(receipt, `line ${line}`));
    const till = kkm ?? (receipts[0]?.[ownKkm] as string | undefined) ?? '';
    return { [parameter]: { [kkmName]: till, [receiptName]: receipts } };
  };
}
