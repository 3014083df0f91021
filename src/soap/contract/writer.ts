// Writes replies and faults as 1C lays them out, to the last tab and line end: clients in the field cut the value out of
// a reply by its text. Compiled once from the model into pieces of text with gaps for the values.
import { compileText } from './facets.ts';
import { formatDecimal } from './lexical-forms.ts';
import type { ContractModel } from './model.ts';
import { isComplex, type ComplexType, type Field, type ScalarType } from './schema.ts';
import { envelopeNamespaces, instanceNamespace, schemaNamespace, type SoapVersion } from './soap-version.ts';
import { escapeAttribute, escapeText } from './text-escape.ts';
import { CData, type WireTree, type WireValue } from './wire-tree.ts';

export type LineEnd = '\r\n' | '\n';

export type FaultCode = 'client' | 'server' | 'mustUnderstand' | 'versionMismatch';

export interface Fault {
  readonly code: FaultCode;
  readonly text: string;
}

export type WriteReply = (operation: string, version: SoapVersion, reply: WireTree, lineEnd: LineEnd) => string;

/** An element with this value, including the line end before it. */
type WriteElement = (value: WireValue) => string;
/** The text between an element's tags, '' for an empty one. */
type WriteInside = (value: WireValue) => string;

const lineEnds: readonly LineEnd[] = ['\r\n', '\n'];
const nil = 'xsi:nil="true"';

/** A reply that does not fit its own contract is a defect of this service, not of the request. */
class ReplyDefect extends Error {}

function compileScalar(type: ScalarType, name: string): WriteInside {
  const check = compileText(type);
  const numeric = type.kind === 'decimal' || type.kind === 'integer' || type.kind === 'int' || type.kind === 'long';
  return (value) => {
    if (typeof value !== 'string') {
      if (value instanceof CData && type.kind === 'string') return writeCData(value);
      throw new ReplyDefect(`${name}: text is expected, not ${typeof value}`);
    }
    const text = check(value);
    // A reply's date has no zone: a zone here is a defect of this service.
    const isZoned = type.kind === 'dateTime' && text !== undefined && text.length > 19;
    const written = isZoned ? undefined : text !== undefined && numeric ? formatDecimal(text) : text;
    if (written === undefined) throw new ReplyDefect(`${name}: "${value.slice(0, 40)}" is not of type ${type.kind}`);
    return type.kind === 'string' ? escapeText(written) : written;
  };
}

/** The mark of its end cannot stand in a section: it is divided between two. */
function writeCData({ text }: CData): string {
  return `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

/** The contract's types in one layout: a line end is a part of nearly every piece of text. */
class Layout {
  private readonly lineEnd: LineEnd;
  /** By type and depth. */
  private readonly known = new Map<ComplexType, WriteInside[]>();

  constructor(lineEnd: LineEnd) {
    this.lineEnd = lineEnd;
  }

  indent(depth: number): string {
    return this.lineEnd + '\t'.repeat(depth);
  }

  /** `attributes` are in the tag at every value, with their leading blanks. */
  private compileElement(field: Field, depth: number, attributes: string): WriteElement {
    const name = field.namespace !== '' ? `m:${field.name}` : field.name;
    const head = `${this.indent(depth)}<${name}${attributes}`;
    const isTree = isComplex(field.type);
    const inside = isComplex(field.type)
      ? this.compileTree(field.type, depth)
      : compileScalar(field.type as ScalarType, field.name);
    const open = `${head}>`;
    const close = `${isTree ? this.indent(depth) : ''}</${name}>`;
    const empty = `${head}/>`;
    const absent = `${head}${attributes === '' ? ' ' : this.indent(depth + 2)}${nil}/>`;
    return (value) => {
      if (value === null) {
        if (!field.nillable) throw new ReplyDefect(`${field.name} has no value`);
        return absent;
      }
      const content = inside(value);
      return content === '' ? empty : open + content + close;
    };
  }

  private compileField(field: Field, depth: number, attributes: string): (tree: WireTree) => string {
    const { name, optional, repeated } = field;
    const write = this.compileElement(field, depth, attributes);
    if (repeated) {
      return (tree) => {
        const items = Object.hasOwn(tree, name) ? (tree[name] ?? []) : [];
        if (!Array.isArray(items)) throw new ReplyDefect(`${name} is expected to be an array`);
        if (items.length === 0 && !optional) throw new ReplyDefect(`${name} has no value`);
        let text = '';
        for (const item of items as readonly WireValue[]) text += write(item);
        return text;
      };
    }
    return (tree) => {
      const value = Object.hasOwn(tree, name) ? (tree[name] ?? null) : null;
      return value === null && optional ? '' : write(value);
    };
  }

  compileFields(type: ComplexType, depth: number, attributes: string): WriteInside {
    const writers = type.fields.map((field) => this.compileField(field, depth, attributes));
    return (value) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw new ReplyDefect(`a value of type ${type.name} is expected to be an object`);
      }
      let text = '';
      for (const write of writers) text += write(value as WireTree);
      return text;
    };
  }

  /** A type's fields are compiled when its first value is written: a type may contain itself without end. */
  private compileTree(type: ComplexType, depth: number): WriteInside {
    const byDepth = this.known.get(type) ?? [];
    this.known.set(type, byDepth);
    return (value) => (byDepth[depth] ??= this.compileFields(type, depth + 1, ''))(value);
  }
}

function writeHead(version: SoapVersion, layout: Layout): string {
  return `<soap:Envelope xmlns:soap="${envelopeNamespaces[version]}">${layout.indent(1)}<soap:Body>`;
}

function writeTail(layout: Layout): string {
  return `${layout.indent(1)}</soap:Body>${layout.indent(0)}</soap:Envelope>`;
}

function compileReply(
  model: ContractModel,
  layout: Layout,
): Map<string, (version: SoapVersion, tree: WireTree) => string> {
  const replies = new Map<string, (version: SoapVersion, tree: WireTree) => string>();
  const heads = { '1.1': writeHead('1.1', layout), '1.2': writeHead('1.2', layout) };
  const tail = writeTail(layout);
  const declarations = ` xmlns:xs="${schemaNamespace}"${layout.indent(5)}xmlns:xsi="${instanceNamespace}"`;
  for (const { name, response } of model.operations) {
    const inside = layout.compileFields(response.type, 3, declarations);
    const open = `${layout.indent(2)}<m:${response.element} xmlns:m="${escapeAttribute(model.namespace)}"`;
    const close = `${layout.indent(2)}</m:${response.element}>`;
    replies.set(name, (version, tree) => {
      const content = inside(tree);
      const wrapper = content === '' ? `${open}/>` : `${open}>${content}${close}`;
      return heads[version] + wrapper + tail;
    });
  }
  return replies;
}

/** A reply is keyed by the names of the response's sequence: "return", then the output parameters. */
export function compileWriter(model: ContractModel): WriteReply {
  const layouts = new Map(lineEnds.map((lineEnd) => [lineEnd, compileReply(model, new Layout(lineEnd))]));
  return (operation, version, reply, lineEnd) => {
    const write = layouts.get(lineEnd)!.get(operation);
    if (write === undefined) throw new Error(`no operation ${operation} in the contract`);
    try {
      return write(version, reply);
    } catch (error) {
      if (!(error instanceof ReplyDefect)) throw error;
      throw new Error(`reply of ${operation}: ${error.message}`, { cause: error });
    }
  };
}

const faultCodes: Readonly<Record<SoapVersion, Readonly<Record<FaultCode, string>>>> = {
  '1.1': {
    client: 'soap:Client',
    server: 'soap:Server',
    mustUnderstand: 'soap:MustUnderstand',
    versionMismatch: 'soap:VersionMismatch',
  },
  '1.2': {
    client: 'soap:Sender',
    server: 'soap:Receiver',
    mustUnderstand: 'soap:MustUnderstand',
    versionMismatch: 'soap:VersionMismatch',
  },
};

/** A faultstring has no attribute: 1C's own clients search its tag by text. */
export function writeFault(version: SoapVersion, { code, text }: Fault, lineEnd: LineEnd): string {
  const layout = new Layout(lineEnd);
  const at = (depth: number, line: string) => layout.indent(depth) + line;
  const value = faultCodes[version][code];
  const reason = escapeText(text);
  const parts =
    version === '1.1'
      ? [at(3, `<faultcode>${value}</faultcode>`), at(3, `<faultstring>${reason}</faultstring>`), at(3, '<detail/>')]
      : [
          at(3, '<soap:Code>'),
          at(4, `<soap:Value>${value}</soap:Value>`),
          at(3, '</soap:Code>'),
          at(3, '<soap:Reason>'),
          at(4, `<soap:Text xml:lang="ru">${reason}</soap:Text>`),
          at(3, '</soap:Reason>'),
        ];
  const body = at(2, '<soap:Fault>') + parts.join('') + at(2, '</soap:Fault>');
  return writeHead(version, layout) + body + writeTail(layout);
}
