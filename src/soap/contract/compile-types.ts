// Makes readers of types: for each field the fast road, or the general one where its type or its namespace needs it.
import { type CompiledField, type CompiledType, readAbsent, readContent, type ReadGeneral } from './content-reader.ts';
import { describeText } from './describe-type.ts';
import { compileText } from './facets.ts';
import {
  compileGeneral,
  readAny,
  readGeneral,
  readNothingGeneral,
  readPreset,
  type GeneralType,
} from './general-reader.ts';
import { isAny, isComplex, type ComplexType, type Field } from './schema.ts';
import type { XmlScanner } from './scanner.ts';
import type { Sliced } from './slices.ts';
import type { WireTree } from './wire-tree.ts';

/** The content of an element whose start tag has been read. */
export interface ContentReader {
  readonly read: (scanner: XmlScanner) => Sliced<WireTree>;
  /** If the element is nil. */
  readonly readAbsent: (scanner: XmlScanner) => WireTree;
}

interface Readers {
  readonly compiled: CompiledType;
  readonly general: GeneralType;
}

/** Types by the namespace of the element that they are the content of: the fast road compares names within it. */
class TypeCompiler {
  private readonly known = new Map<ComplexType, Map<string, Readers>>();

  compile(type: ComplexType, namespace: string): Readers {
    const byNamespace = this.known.get(type) ?? new Map<string, Readers>();
    this.known.set(type, byNamespace);
    const done = byNamespace.get(namespace);
    if (done !== undefined) return done;
    const fields: CompiledField[] = [];
    const compiled: CompiledType = { name: type.name, fields };
    const entry: { compiled: CompiledType; general?: GeneralType } = { compiled };
    // Stored before its fields are compiled: a type may contain itself.
    byNamespace.set(namespace, entry as Readers);
    fields.push(...type.fields.map((field) => this.compileField(field, compiled, namespace)));
    entry.general = compileGeneral(type, compiled, (derived) => this.compile(derived, namespace).general);
    return entry as Readers;
  }

  private compileField(field: Field, parent: CompiledType, parentNamespace: string): CompiledField {
    const { name, namespace, type, nillable, optional, repeated } = field;
    const scalar = isComplex(type) || isAny(type) ? undefined : type;
    const readText = scalar === undefined ? (text: string) => text : compileText(scalar);
    const isPlain = isComplex(type) && type.isPlain;
    let readFieldGeneral: ReadGeneral | undefined;
    let readTree: CompiledField['readTree'];
    const compiled: CompiledField = {
      name,
      codes: Uint16Array.from(name, (_, index) => name.charCodeAt(index)),
      namespace,
      isCareful: true,
      content: isPlain ? this.compile(type, namespace).compiled : undefined,
      readTree: undefined,
      readGeneral: undefined,
      readText,
      description: scalar === undefined ? '' : describeText(scalar),
      nillable,
      optional,
      repeated,
      emptyIsNull: nillable && (scalar === undefined || readText('') === undefined),
    };
    if (isAny(type)) readFieldGeneral = (scanner, tree) => readAny(scanner, compiled, tree);
    else if (isComplex(type)) {
      const readers = isPlain ? undefined : this.compile(type, namespace);
      if (readers !== undefined) readTree = (scanner) => readGeneral(scanner, readers.general, nillable);
    } else if (type.kind === 'QName' || field.default !== undefined || field.fixed !== undefined) {
      readFieldGeneral = (scanner) => readPreset(scanner, parent, compiled, field);
    }
    const isCareful = namespace !== parentNamespace || readFieldGeneral !== undefined || readTree !== undefined;
    return Object.assign(compiled, { isCareful, readTree, readGeneral: readFieldGeneral });
  }
}

export function compileTypes(): (type: ComplexType, namespace: string) => ContentReader {
  const compiler = new TypeCompiler();
  return (type, namespace) => {
    const readers = compiler.compile(type, namespace);
    if (type.isPlain) {
      const { compiled } = readers;
      return { read: (scanner) => readContent(scanner, compiled), readAbsent: () => readAbsent(compiled) };
    }
    return {
      *read(scanner) {
        return (yield* readGeneral(scanner, readers.general, false))!;
      },
      readAbsent: (scanner) => readNothingGeneral(scanner, readers.general),
    };
  };
}
