// The smallest parts of XML 1.0 over a text in memory: names, references, attribute values, characters, the declaration.
// scanner.ts puts elements together from them.
import { TextParts } from './text-parts.ts';
import { continuesName, isAllowed, isBlank, measureCharacter, startsName } from './characters.ts';

const lessThan = 0x3c;
const ampersand = 0x26;
const colon = 0x3a;
/** Up to this many attributes, comparing each with each is faster than a set. */
const fewAttributes = 8;

/** Reports what is wrong with the document, in Russian, and where. */
export class XmlError extends Error {
  readonly position: number;
  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}

export class Lexer {
  readonly xml: string;
  position = 0;
  /** Of the last name read, with its colon; 0 without one. */
  protected prefixLength = 0;

  constructor(xml: string) {
    this.xml = xml;
  }

  /** Skips the XML declaration, if there is one: must be called first. */
  begin(): void {
    if (this.xml.startsWith('<?xml') && isBlank(this.xml.charCodeAt(5))) this.readDeclaration();
  }

  fail(message: string, position = this.position): never {
    // At the end of the text the cause is always the same: the text was cut.
    const cut = position >= this.xml.length;
    throw new XmlError(cut ? 'документ обрывается' : message, Math.min(position, this.xml.length));
  }

  protected skipBlanks(): boolean {
    const start = this.position;
    while (isBlank(this.xml.charCodeAt(this.position))) this.position += 1;
    return this.position > start;
  }

  /** The end of the name that begins at `start`: one NCName, or two with a colon between them. */
  protected readName(start: number): number {
    const { xml } = this;
    let at = start;
    let first = start;
    for (;;) {
      const code = xml.charCodeAt(at);
      if (code < 0x80) {
        if (code === colon) {
          if (first !== start || at === start) this.fail('имя составлено неверно', start);
          first = at + 1;
        } else if (!(at === first ? startsName(code) : continuesName(code))) break;
        at += 1;
      } else {
        const point = xml.codePointAt(at) ?? 0;
        if (!(at === first ? startsName(point) : continuesName(point))) break;
        at += point > 0xffff ? 2 : 1;
      }
    }
    if (at === first) this.fail('здесь должно стоять имя', at);
    this.prefixLength = first - start;
    return at;
  }

  protected readAttributeValue(): string {
    const { xml } = this;
    const quote = xml.charCodeAt(this.position);
    if (quote !== 0x22 && quote !== 0x27) this.fail('значение атрибута должно стоять в кавычках');
    let parts: TextParts | undefined;
    let blanks = false;
    let start = this.position + 1;
    let at = start;
    for (;;) {
      const code = xml.charCodeAt(at);
      if (code > lessThan && code < 0xd800) {
        at += 1;
        continue;
      }
      if (code === quote) break;
      if (code === lessThan) this.fail('знак «меньше» в значении атрибута', at);
      if (code === ampersand) {
        parts = this.takeReference(parts, start, at, blanks ? normalizeBlanks : undefined);
        blanks = false;
        at = start = this.position;
      } else if (code === 0x0d || code === 0x0a || code === 0x09) {
        blanks = true;
        at += 1;
      } else at += this.measure(at);
    }
    this.position = at + 1;
    const rest = blanks ? normalizeBlanks(xml.slice(start, at)) : xml.slice(start, at);
    return parts === undefined ? rest : parts.take() + rest;
  }

  protected measure(at: number): number {
    const units = measureCharacter(this.xml, at);
    if (units === 0) this.fail('знак, недопустимый в XML', at);
    return units;
  }

  /** Adds the text since `from` and the reference at `at`; moves after it. */
  protected takeReference(
    begun: TextParts | undefined,
    from: number,
    at: number,
    normalize: ((text: string) => string) | undefined,
  ): TextParts {
    const parts = begun ?? new TextParts();
    if (normalize === undefined) parts.addPiece(this.xml, from, at);
    else parts.addText(normalize(this.xml.slice(from, at)));
    parts.addPoint(this.readReference(at));
    return parts;
  }

  /** The code point that the reference at `at` stands for; moves after it. */
  private readReference(at: number): number {
    const { xml } = this;
    if (xml.charCodeAt(at + 1) === 0x23) return this.readCharacterReference(at);
    for (let index = 0; index < entities.length; index += 1) {
      const { name, point } = entities[index]!;
      if (xml.startsWith(name, at + 1)) {
        this.position = at + 1 + name.length;
        return point;
      }
    }
    return this.fail('неизвестная сущность или амперсанд, не заменённый на amp', at);
  }

  private readCharacterReference(at: number): number {
    const { xml } = this;
    const base = xml.charCodeAt(at + 2) === 0x78 ? 16 : 10;
    const start = at + (base === 16 ? 3 : 2);
    let value = 0;
    let index = start;
    for (; ; index += 1) {
      const digit = readDigit(xml.charCodeAt(index));
      if (digit >= base) break;
      // The number stops growing, but digits are still read: there may be many leading zeros.
      if (value <= 0x10ffff) value = value * base + digit;
    }
    const well = index > start && xml.charCodeAt(index) === 0x3b && isAllowed(value);
    if (!well) this.fail('недопустимая ссылка на знак', at);
    this.position = index + 1;
    return value;
  }

  protected checkCharacters(from: number, to: number): void {
    for (let at = from; at < to;) at += this.measure(at);
  }

  private readDeclaration(): void {
    if (this.xml.startsWith(usualDeclaration)) {
      this.position = usualDeclaration.length;
      return;
    }
    const end = this.xml.indexOf('?>');
    // The longest sensible declaration is some seventy characters.
    const text = end === -1 || end > 256 ? '' : this.xml.slice(5, end);
    if (!declarationForm.test(text)) this.fail('объявление XML составлено неверно');
    this.position = end + 2;
  }

  /** From the "<?" on which it stands. */
  protected skipInstruction(): void {
    const { xml, position } = this;
    const nameEnd = this.readName(position + 2);
    const end = xml.indexOf('?>', nameEnd);
    if (end === -1) this.fail('инструкция обработки не закрыта');
    if (this.prefixLength !== 0 || (end > nameEnd && !isBlank(xml.charCodeAt(nameEnd)))) {
      this.fail('инструкция обработки составлена неверно');
    }
    if (xml.slice(position + 2, nameEnd).toLowerCase() === 'xml') this.fail('объявление XML стоит не в начале');
    this.checkCharacters(nameEnd, end);
    this.position = end + 2;
  }
}

const entities = [
  { name: 'amp;', point: 0x26 },
  { name: 'lt;', point: 0x3c },
  { name: 'gt;', point: 0x3e },
  { name: 'quot;', point: 0x22 },
  { name: 'apos;', point: 0x27 },
] as const;

const usualDeclaration = '<?xml version="1.0" encoding="UTF-8"?>';
const declarationForm =
  /^\s+version\s*=\s*(["'])1\.0\1(\s+encoding\s*=\s*(["'])[A-Za-z][\w.-]*\3)?(\s+standalone\s*=\s*(["'])(yes|no)\5)?\s*$/;

/** Line ends and tabs of an attribute are blanks, unless they come from references. */
function normalizeBlanks(text: string): string {
  return ['\r\n', '\r', '\n', '\t'].reduce((left, blank) => left.split(blank).join(' '), text);
}

/** The value of a hexadecimal digit; 99 for anything else. */
function readDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : 99;
}

/**
 * For text as it is in the document: a carriage return from a reference stays. Two megabytes of them take 30 ms this way,
 * and 100 ms by replace.
 */
export function normalizeLineEnds(text: string): string {
  return text.split('\r\n').join('\n').split('\r').join('\n');
}

/** Two prefixes may name one namespace, so names are compared after they are resolved. */
export function hasRepeated(attributes: readonly { readonly namespace: string; readonly local: string }[]): boolean {
  if (attributes.length > fewAttributes) {
    // A local name has no blank, so the joined name is unambiguous.
    return new Set(attributes.map(({ namespace, local }) => `${local} ${namespace}`)).size < attributes.length;
  }
  return attributes.some(({ namespace, local }, index) =>
    attributes.slice(0, index).some((other) => other.local === local && other.namespace === namespace),
  );
}
