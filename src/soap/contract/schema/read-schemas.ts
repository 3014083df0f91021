// The schemas of a contract as types and global elements. What the reader and the writer could not follow is refused by name,
// with its place and what to do, when the service starts: otherwise a till would be the first to find a restriction that was
// ignored.
import type { AnyType, ComplexType, ScalarType } from '../schema.ts';
import type { QualifiedName, WsdlElement } from '../wsdl-tree.ts';
import { ComplexTypes } from './complex-types.ts';
import { SchemaSet, type ReadNeighbour } from './schema-set.ts';

export interface Schemas {
  /** By local name; by "{namespace}name" where two schemas have the same name. */
  readonly types: ReadonlyMap<string, ComplexType>;
  readonly findElementType: (name: QualifiedName) => ScalarType | ComplexType | AnyType | undefined;
}

export function readSchemas(schemas: readonly WsdlElement[], readNeighbour: ReadNeighbour): Schemas {
  const set = new SchemaSet(schemas, readNeighbour);
  const complexTypes = new ComplexTypes(set);
  const types = complexTypes.readAll();
  return {
    types,
    findElementType: (name) => {
      const component = set.find('element', name);
      return component === undefined ? undefined : complexTypes.particles.readGlobal(component).type;
    },
  };
}
