// Writes replies and faults as 1C lays them out, to the last tab and line end: clients in the field cut the value out of
// a reply by its text. Compiled once from the model into pieces of text with gaps for the values.
import type { Scope } from './element-head.ts';
import type { ContractModel } from './model.ts';
import { keepOctets, toOctets, type Octets } from './octets.ts';
import { ReplyLayout, type LineEnd } from './reply-layout.ts';
import { envelopeNamespaces, instanceNamespace, schemaNamespace, type SoapVersion } from './soap-version.ts';
import { escapeAttribute, escapeText } from './text-escape.ts';
import type { WireTree } from './wire-tree.ts';
import { ReplyDefect } from './write-scalar.ts';
import { xmlNamespace } from './xml-namespace.ts';

export type { LineEnd } from './reply-layout.ts';

export type FaultCode = 'client' | 'server' | 'mustUnderstand' | 'versionMismatch';

export interface Fault {
  readonly code: FaultCode;
  readonly text: string;
}

export type WriteReply = (operation: string, version: SoapVersion, reply: WireTree, lineEnd: LineEnd) => Octets;

const lineEnds: readonly LineEnd[] = ['\r\n', '\n'];

function writeHead(version: SoapVersion, layout: ReplyLayout): string {
  return `<soap:Envelope xmlns:soap="${envelopeNamespaces[version]}">${layout.indent(1)}<soap:Body>`;
}

function writeTail(layout: ReplyLayout): string {
  return `${layout.indent(1)}</soap:Body>${layout.indent(0)}</soap:Envelope>`;
}

/** What return and every output parameter declare. */
const declaredScope: Scope = new Map([
  [schemaNamespace, 'xs'],
  [instanceNamespace, 'xsi'],
]);

/** Prefixes in the wrapper's tag, and in those inside it. */
function makeScopes(namespace: string): { readonly outer: Scope; readonly inner: Scope } {
  const outer = new Map([
    [namespace, 'm'],
    [xmlNamespace, 'xml'],
  ]);
  return { outer, inner: new Map([...outer, ...declaredScope]) };
}

type WriteOne = (version: SoapVersion, tree: WireTree) => Octets;

function compileReply(model: ContractModel, lineEnd: LineEnd): Map<string, WriteOne> {
  const layout = new ReplyLayout(lineEnd, 'octets');
  const textLayout = new ReplyLayout(lineEnd, 'text');
  const replies = new Map<string, WriteOne>();
  const heads = { '1.1': keepOctets(writeHead('1.1', layout)), '1.2': keepOctets(writeHead('1.2', layout)) };
  const tail = keepOctets(writeTail(layout));
  // return and every output parameter declare these; clients in the field cut a value out after the second.
  const declarations = [`xmlns:xs="${schemaNamespace}"`, `xmlns:xsi="${instanceNamespace}"`];
  const scopes = new Map<string, ReturnType<typeof makeScopes>>();
  for (const { name, response } of model.operations) {
    const { element, namespace, type } = response;
    const declaration = `xmlns:m="${escapeAttribute(namespace)}"`;
    const { outer, inner } = scopes.get(namespace) ?? makeScopes(namespace);
    // Types are compiled once for each scope.
    scopes.set(namespace, { outer, inner });
    if (!type.isPlain) {
      const around = { scope: outer, depth: 2, attributes: [declaration] };
      const ofWrapper = { scope: declaredScope, attributes: declarations };
      const write = textLayout.compileContent(type, namespace, around, ofWrapper);
      replies.set(name, (version, tree) => toOctets(heads[version] + write(`m:${element}`, tree) + tail));
      continue;
    }
    const inside = layout.compileFields(type, { scope: inner, depth: 3, attributes: declarations });
    const start = `${layout.indent(2)}<m:${element} ${declaration}`;
    const [open, empty] = [keepOctets(`${start}>`), keepOctets(`${start}/>`)];
    const close = keepOctets(`${layout.indent(2)}</m:${element}>`);
    replies.set(name, (version, tree) => {
      const content = inside(tree);
      const wrapper = content === '' ? empty : open + content + close;
      return (heads[version] + wrapper + tail) as Octets;
    });
  }
  return replies;
}

/** A reply is keyed by the names of the response's sequence: "return", then the output parameters. */
export function compileWriter(model: ContractModel): WriteReply {
  const layouts = new Map(lineEnds.map((lineEnd) => [lineEnd, compileReply(model, lineEnd)]));
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
export function writeFault(version: SoapVersion, { code, text }: Fault, lineEnd: LineEnd): Octets {
  const layout = new ReplyLayout(lineEnd, 'text');
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
  return toOctets(writeHead(version, layout) + body + writeTail(layout));
}
