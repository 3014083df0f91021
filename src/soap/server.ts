// node-soap publishes the contract and dispatches calls to service methods. Reading and writing are ours: a call comes to its
// dispatch read, and a method leaves its answer in the turn that it is lent, so there is nothing for node-soap to parse or
// write. Its own way in, `processRequest`, would parse two addresses, look for the port and make an envelope for each call:
// 8 us, an eighth of a card read. This seam is undocumented there: the exact version is pinned and test/soap/seam.test.ts
// checks it.
import { randomUUID } from 'node:crypto';
import { createServerless, type Server } from 'soap';
import type { ReadZoned } from '../operations/zoned-dates.ts';
import type { CallReport } from '../request-report.ts';
import { addSent, type Binding, type BoundCommand, type BoundElsewhere } from './binding/bound-operation.ts';
import type { Contract } from './contract/contract.ts';
import type { Octets } from './contract/octets.ts';
import type { ReadCall } from './contract/reader.ts';
import type { SoapVersion } from './contract/soap-version.ts';
import type { WireTree } from './contract/wire-tree.ts';
import { UnreadableRequest } from './contract/unreadable-request.ts';
import type { LineEnd } from './contract/writer.ts';
import { wordDefect, wordFault } from './faults.ts';
import { runCommand, type Circumstances } from './handlers.ts';
import { nextTurn } from '../operations/next-turn.ts';
import { isLong, readLongRequest } from './read-long-request.ts';
import { askUpstream, UpstreamSilent, type SentRequest, type UntouchedReply } from './upstream.ts';

/** One call through node-soap, with what the log needs of it. */
export interface Exchange extends Circumstances {
  readonly readZoned: ReadZoned;
  readonly lineEnd: LineEnd;
  readonly report: CallReport;
  /** For operations that another base answers. */
  readonly sent: SentRequest;
}

export interface SoapReply {
  readonly status: 200 | 500;
  readonly version: SoapVersion;
  readonly octets: Octets;
  /** An answer of another base, given in place of `octets`. */
  readonly untouched?: UntouchedReply;
}

export interface SoapServer {
  /** Answers one request; never rejects. */
  answer(text: string, exchange: Exchange): Promise<SoapReply>;
  /** The fault for a request that could not be decoded. */
  refuse(reason: UnreadableRequest, exchange: Pick<Exchange, 'lineEnd' | 'report'>): SoapReply;
}

/** One call on its way through node-soap, and the answer that its method leaves here. */
interface Turn {
  readonly exchange: Exchange;
  /** Whether it takes so long that other calls get turns between its steps. */
  readonly isLongCall: boolean;
  answered: Promise<SoapReply> | undefined;
}

/** What node-soap's dispatch takes of one operation. */
interface Dispatch {
  readonly serviceName: string;
  readonly portName: string;
  readonly methodName: string;
  readonly style: 'document';
  args: ReadCall | undefined;
}

/** The part of node-soap's server that its types hide. */
interface Seam {
  readonly wsdl: {
    objectToDocumentXML: () => string;
    readonly definitions: {
      readonly services: Readonly<Record<string, { readonly ports: Readonly<Record<string, Port>> }>>;
    };
  };
  _envelope: () => string;
  /** Calls the method with the call, and with the turn as its request. */
  _executeMethod(dispatch: Dispatch, turn: Turn, response: unknown, callback: () => void): void;
}

interface Port {
  /** Undefined where the WSDL has no binding of that name. */
  readonly binding?: { readonly methods: Readonly<Record<string, object>> };
}

type ServiceMethod = (call: ReadCall, _callback: unknown, _headers: unknown, turn: Turn) => object;

/** What a method returns to node-soap, which takes undefined for no answer yet. */
const nothing = {};

const ended = (): void => undefined;

interface Answering {
  readonly contract: Contract;
  readonly binding: Binding;
  /** Calls so far, of operations that a file answers. */
  readonly counters: Map<string, number>;
}

export async function openSoapServer(contract: Contract, binding: Binding): Promise<SoapServer> {
  const answering: Answering = { contract, binding, counters: new Map() };
  const seam = await startServer(contract, (call, _callback, _headers, turn) => {
    turn.answered = answerCall(answering, call, turn.exchange, turn.isLongCall);
    return nothing;
  });
  seam.wsdl.objectToDocumentXML = () => '';
  seam._envelope = () => '';
  const dispatches = listDispatches(contract, seam);
  const dispatch = (call: ReadCall, exchange: Exchange, isLongCall = false): Promise<SoapReply> => {
    exchange.report.operation = call.operation;
    const turn: Turn = { exchange, isLongCall, answered: undefined };
    const own = dispatches.get(call.operation)!;
    own.args = call;
    seam._executeMethod(own, turn, undefined, ended);
    own.args = undefined;
    if (turn.answered === undefined) throw new Error(`node-soap called no method for ${call.operation}`);
    return turn.answered;
  };
  const refuse = (reason: unknown, exchange: Exchange): SoapReply =>
    reason instanceof UnreadableRequest
      ? writeRefusal(contract, reason, exchange)
      : writeDefect(contract, '1.1', reason, exchange);
  const answerLong = async (text: string, exchange: Exchange): Promise<SoapReply> => {
    try {
      const reply = await dispatch(await readLongRequest(contract, text), exchange, true);
      // The bytes of a long reply are counted and sent in a turn of their own.
      await nextTurn();
      return reply;
    } catch (reason) {
      return refuse(reason, exchange);
    }
  };
  return {
    answer(text, exchange) {
      if (isLong(text)) return answerLong(text, exchange);
      try {
        return dispatch(contract.readRequest(text), exchange);
      } catch (reason) {
        return Promise.resolve(refuse(reason, exchange));
      }
    },
    refuse: (reason, exchange) => writeRefusal(contract, reason, exchange),
  };
}

/**
 * The same methods serve every port: only the envelope says what is called.
 * @throws Error if node-soap does not find an operation in the WSDL's binding.
 */
function listDispatches(contract: Contract, seam: Seam): ReadonlyMap<string, Dispatch> {
  const [portName = '', port] = Object.entries(listPorts(seam))[0] ?? [];
  const { serviceName } = contract;
  const dispatches = contract.operations.map((methodName): [string, Dispatch] => {
    if (port?.binding?.methods[methodName] === undefined) {
      throw new Error(`WSDL: the binding of port ${portName} has no operation ${methodName}`);
    }
    return [methodName, { serviceName, portName, methodName, style: 'document', args: undefined }];
  });
  return new Map(dispatches);
}

function listPorts(seam: Seam): Readonly<Record<string, Port>> {
  return Object.values(seam.wsdl.definitions.services)[0]?.ports ?? {};
}

/** One method serves every operation under every port. */
async function startServer(contract: Contract, method: ServiceMethod): Promise<Seam> {
  let opened: Promise<Server> | undefined;
  await new Promise<void>((resolve, reject) => {
    const callback = (reason: unknown): void => {
      if (reason === null || reason === undefined) resolve();
      else reject(reason);
    };
    opened = createServerless({ path: '/', services: {}, xml: contract.wsdlText, uri: contract.wsdlPath, callback });
    opened.catch(reject);
  });
  const server = (await opened) as Server;
  const methods = Object.fromEntries(contract.operations.map((operation) => [operation, method]));
  const ports = Object.keys(listPorts(server as unknown as Seam)).map((port) => [port, methods]);
  server.services = { [contract.serviceName]: Object.fromEntries(ports) };
  return server as unknown as Seam;
}

/** @param isLongCall a reply to a long request is written in a turn of its own. */
async function answerCall(
  answering: Answering,
  call: ReadCall,
  exchange: Exchange,
  isLongCall: boolean,
): Promise<SoapReply> {
  const { contract, binding } = answering;
  try {
    const bound = binding.get(call.operation);
    if (bound === undefined) throw new Error(`operation ${call.operation} is not bound`);
    const chosen = bound.does === 'choice' ? bound.choose(call.arguments) : bound;
    return chosen.does === 'command'
      ? await answerByCommand(contract, chosen, call, exchange, isLongCall)
      : await answerElsewhere(answering, chosen, call, exchange);
  } catch (reason) {
    return writeDefect(contract, call.version, reason, exchange);
  }
}

async function answerByCommand(
  contract: Contract,
  bound: BoundCommand,
  call: ReadCall,
  exchange: Exchange,
  isLongCall: boolean,
): Promise<SoapReply> {
  const request = bound.toCommand(call.arguments, exchange);
  const sent = request.ok ? request.value : request.partial;
  const { cardNumber, kkm } = sent;
  if (typeof cardNumber === 'string') exchange.report.cardNumber = cardNumber;
  if (typeof kkm === 'string') exchange.report.kkm = kkm;
  const answer = await runCommand(bound.command, exchange, request);
  exchange.report.code = answer.code;
  if (typeof answer.document === 'string') exchange.report.document = answer.document;
  const fault = bound.toFault?.(answer);
  if (fault !== undefined) return writeServerFault(contract, call.version, fault, exchange);
  const reply = bound.toReply(bound.usesSent ? addSent(answer, sent) : answer);
  if (isLongCall) await nextTurn();
  return writeReply(contract, call, reply, exchange);
}

async function answerElsewhere(
  { contract, counters }: Answering,
  bound: BoundElsewhere,
  call: ReadCall,
  exchange: Exchange,
): Promise<SoapReply> {
  switch (bound.does) {
    case 'fault':
      return writeServerFault(contract, call.version, bound.text, exchange);
    case 'file': {
      const counter = (counters.get(call.operation) ?? 0) + 1;
      counters.set(call.operation, counter);
      const reply = bound.makeReply({ request: call.arguments, now: exchange.now, counter });
      return writeReply(contract, call, reply, exchange);
    }
    case 'upstream':
      return passOn(contract, bound, call, exchange);
  }
}

async function passOn(
  contract: Contract,
  { url, timeoutMs }: Extract<BoundElsewhere, { does: 'upstream' }>,
  call: ReadCall,
  exchange: Exchange,
): Promise<SoapReply> {
  try {
    const untouched = await askUpstream(url, timeoutMs, exchange.sent);
    return { status: 200, version: call.version, octets: untouched.body.toString('latin1') as Octets, untouched };
  } catch (reason) {
    if (!(reason instanceof UpstreamSilent)) throw reason;
    const fault = writeServerFault(contract, call.version, 'База, которой передан вызов, не ответила.', exchange);
    // Its address and what the network said are for the log, not for a till.
    exchange.report.fault = `upstream ${reason.message}`;
    return fault;
  }
}

function writeReply(contract: Contract, call: ReadCall, reply: WireTree, { lineEnd }: Exchange): SoapReply {
  return {
    status: 200,
    version: call.version,
    octets: contract.writeReply(call.operation, call.version, reply, lineEnd),
  };
}

/** A fault that the service gives on purpose. */
function writeServerFault(contract: Contract, version: SoapVersion, text: string, exchange: Exchange): SoapReply {
  exchange.report.fault = text;
  const fault = { code: 'server', text: wordFault(contract.serviceName, text) } as const;
  return { status: 500, version, octets: contract.writeFault(version, fault, exchange.lineEnd) };
}

function writeRefusal(
  contract: Contract,
  { version, fault: code, message }: UnreadableRequest,
  { lineEnd, report }: Pick<Exchange, 'lineEnd' | 'report'>,
): SoapReply {
  report.fault = message;
  const fault = { code, text: wordFault(contract.serviceName, message) };
  return { status: 500, version, octets: contract.writeFault(version, fault, lineEnd) };
}

function writeDefect(contract: Contract, version: SoapVersion, reason: unknown, exchange: Exchange): SoapReply {
  const incident = randomUUID().slice(0, 8);
  exchange.report.defect = { incident, reason };
  const fault = { code: 'server', text: wordDefect(contract.serviceName, incident) } as const;
  return { status: 500, version, octets: contract.writeFault(version, fault, exchange.lineEnd) };
}
