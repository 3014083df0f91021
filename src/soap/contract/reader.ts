// From the text of a request to the operation it calls and its arguments. The operation is chosen by the element in the
// body and the version of SOAP by the envelope's namespace, as 1C does; no header of HTTP is looked at.
import { compileTypes, type ContentReader } from './compile-types.ts';
import { ContentError, isNil, readNothing } from './content-reader.ts';
import { readBoolean, trimBlanks } from './lexical-forms.ts';
import { XmlError } from './lexer.ts';
import type { ContractModel } from './model.ts';
import { XmlScanner } from './scanner.ts';
import { finish, type Sliced } from './slices.ts';
import { envelopeNamespaces, type SoapVersion } from './soap-version.ts';
import { quoteInput, sanitizeInput, UnreadableRequest } from './unreadable-request.ts';
import type { WireTree } from './wire-tree.ts';

export interface ReadCall {
  readonly operation: string;
  /** The version of the envelope; the reply has the same. */
  readonly version: SoapVersion;
  readonly arguments: WireTree;
}

interface CompiledOperation {
  readonly name: string;
  readonly element: string;
  readonly namespace: string;
  readonly content: ContentReader;
}

interface Reading {
  readonly scanner: XmlScanner;
  version: SoapVersion;
}

/** A signed header has some fifty elements; this many are skipped in well under a millisecond. */
const maxHeaderElements = 1000;

const versions = new Map<string, SoapVersion>([
  [envelopeNamespaces['1.1'], '1.1'],
  [envelopeNamespaces['1.2'], '1.2'],
]);

/** Actors and roles that mean the reader of the message, and so this service. */
const ownRoles: ReadonlySet<string> = new Set([
  '',
  'http://schemas.xmlsoap.org/soap/actor/next',
  'http://www.w3.org/2003/05/soap-envelope/role/next',
  'http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver',
]);

/** Reads a request in one go. */
export function compileReader(model: ContractModel): (xml: string) => ReadCall {
  const read = compileSlicedReader(model);
  return (xml) => finish(read(xml));
}

/** Reads a request with stops, where it is long. */
export function compileSlicedReader(model: ContractModel): (xml: string) => Sliced<ReadCall> {
  const compile = compileTypes();
  const operations = new Map<string, CompiledOperation>();
  for (const { name, request } of model.operations) {
    const { element, namespace, type } = request;
    operations.set(element, { name, element, namespace, content: compile(type, namespace) });
  }
  return function* read(xml) {
    const reading: Reading = { scanner: new XmlScanner(xml), version: '1.1' };
    try {
      const { name, element, content } = openBody(reading, operations);
      const { scanner, version } = reading;
      let values: WireTree;
      if (isNil(scanner.attributes, element)) {
        // SOAP::Lite calls an operation without parameters this way.
        readNothing(scanner, element);
        values = content.readAbsent(scanner);
      } else values = yield* content.read(scanner);
      closeBody(reading);
      return { operation: name, version, arguments: values };
    } catch (error) {
      throw explain(error, reading);
    }
  };
}

function explain(error: unknown, { scanner, version }: Reading): unknown {
  if (error instanceof XmlError) {
    const place = locate(scanner.xml, error.position);
    return new UnreadableRequest(`XML не разобран${place}: ${error.message}`, { version });
  }
  if (error instanceof ContentError) {
    const place = locate(scanner.xml, scanner.position);
    return new UnreadableRequest(`Запрос не по схеме${place}: ${error.message}`, { version, element: error.element });
  }
  return error;
}

function locate(xml: string, position: number): string {
  let line = 1;
  let start = 0;
  for (let end = xml.indexOf('\n'); end !== -1 && end < position; end = xml.indexOf('\n', start)) {
    line += 1;
    start = end + 1;
  }
  return ` (строка ${line}, знак ${position - start + 1})`;
}

function refuse({ version }: Reading, message: string, element?: string): never {
  throw new UnreadableRequest(message, { version, element });
}

/** The next token, without blanks between elements. */
function nextTag({ scanner }: Reading, place: string): 'start' | 'end' | 'done' {
  for (;;) {
    scanner.skipBlanksBeforeTag();
    const token = scanner.next();
    if (token !== 'text') return token;
    if (trimBlanks(scanner.text) !== '') {
      throw new ContentError(`в элементе ${place} стоит текст ${quoteInput(scanner.text)}`, place);
    }
  }
}

/** Reads to the element of the operation, which is left open. */
function openBody(reading: Reading, operations: ReadonlyMap<string, CompiledOperation>): CompiledOperation {
  const { scanner } = reading;
  if (scanner.xml === '') refuse(reading, 'Тело запроса пусто');
  scanner.begin();
  scanner.next();
  const root = scanner.local;
  if (root !== 'Envelope')
    refuse(reading, `Запрос — не SOAP: ожидался Envelope, получен ${quoteInput(root)}`, 'Envelope');
  const version = versions.get(scanner.namespace);
  if (version === undefined) {
    const message = `Версия SOAP не поддерживается: пространство имён Envelope ${quoteInput(scanner.namespace)}`;
    throw new UnreadableRequest(message, { fault: 'versionMismatch', element: 'Envelope' });
  }
  reading.version = version;
  const envelope = scanner.namespace;
  let token = nextTag(reading, 'Envelope');
  if (token === 'start' && isPart(scanner, 'Header', envelope)) {
    readHeader(reading, envelope);
    token = nextTag(reading, 'Envelope');
  }
  if (token !== 'start' || !isPart(scanner, 'Body', envelope)) {
    const found = token === 'start' ? quoteInput(scanner.local) : 'конец Envelope';
    refuse(reading, `Ожидался элемент Body, получено: ${found}`, 'Body');
  }
  return openOperation(reading, operations);
}

function closeBody(reading: Reading): void {
  if (nextTag(reading, 'Body') !== 'end') refuse(reading, 'В Body больше одного элемента', 'Body');
  if (nextTag(reading, 'Envelope') !== 'end') refuse(reading, 'После Body стоит ещё один элемент', 'Envelope');
  reading.scanner.next();
}

function isPart(scanner: XmlScanner, local: string, envelope: string): boolean {
  return scanner.local === local && scanner.namespace === envelope;
}

/** Skips the header; a block that this service must understand cannot be skipped. */
function readHeader(reading: Reading, envelope: string): void {
  const { scanner } = reading;
  const depth = scanner.depth;
  for (let count = 0; ;) {
    const token = scanner.next();
    if (token === 'end' && scanner.depth < depth) return;
    if (token !== 'start') continue;
    count += 1;
    if (count > maxHeaderElements) refuse(reading, `В Header больше ${maxHeaderElements} элементов`, 'Header');
    if (scanner.depth > depth + 1) continue;
    let must: string | undefined;
    let role = '';
    for (const { namespace, local, value } of scanner.attributes) {
      if (namespace !== envelope) continue;
      if (local === 'mustUnderstand') must = readBoolean(value) ?? 'wrong';
      else if (local === (reading.version === '1.1' ? 'actor' : 'role')) role = trimBlanks(value);
    }
    const element = sanitizeInput(scanner.local);
    if (must === 'wrong') refuse(reading, 'Атрибут mustUnderstand — это 1 или 0', element);
    if (must === 'true' && ownRoles.has(role)) {
      const message = `Обязательный заголовок «${element}» службе неизвестен`;
      throw new UnreadableRequest(message, {
        fault: 'mustUnderstand',
        version: reading.version,
        element: scanner.local,
      });
    }
  }
}

function openOperation(reading: Reading, operations: ReadonlyMap<string, CompiledOperation>): CompiledOperation {
  const { scanner } = reading;
  if (nextTag(reading, 'Body') !== 'start') refuse(reading, 'Элемент Body пуст: операция не указана', 'Body');
  const operation = operations.get(scanner.local);
  if (operation === undefined) {
    refuse(reading, `Операция ${quoteInput(scanner.local)} не найдена`, sanitizeInput(scanner.local));
  }
  if (scanner.namespace !== operation.namespace) {
    const given = quoteInput(scanner.namespace);
    refuse(
      reading,
      `Операция ${operation.name}: ожидалось пространство имён «${operation.namespace}», получено ${given}`,
      operation.element,
    );
  }
  return operation;
}
