// The places of a request or a reply, as a draft looks at them: each with the meanings of its name, and what was recorded there.
import { isComplex, type AnyType, type ComplexType, type ScalarType } from '../contract/schema.ts';
import { readName } from './name-words.ts';

/** "GetX/Card/Number", from the wrapper's element -> texts that came there, "" where nothing did. */
export type Samples = ReadonlyMap<string, readonly string[]>;

export interface ScalarPlace {
  readonly path: string;
  readonly type: ScalarType | AnyType;
  readonly isList: boolean;
  readonly mayBeMissing: boolean;
  /** Without what stands around it: whether it may be missing where its structure is there. */
  readonly isOptional: boolean;
  /** Paths of structures around it that may be missing. */
  readonly optionalOuters: readonly string[];
  readonly name: ReadonlySet<string>;
  /** Meanings of the structures that it stands in. */
  readonly around: ReadonlySet<string>;
  readonly samples: readonly string[];
  /** Whether it was recorded without a value: nil, empty or not there. */
  readonly cameEmpty: boolean;
  /** What came in places of the same name anywhere. */
  readonly alike: readonly string[];
}

export interface StructurePlace {
  readonly path: string;
  readonly type: ComplexType;
  readonly isList: boolean;
  readonly mayBeMissing: boolean;
  readonly isOptional: boolean;
  readonly optionalOuters: readonly string[];
  readonly name: ReadonlySet<string>;
  readonly around: ReadonlySet<string>;
}

export interface Places {
  /** Those inside a list are not here: they belong to its shape. */
  readonly scalars: readonly ScalarPlace[];
  readonly structures: readonly StructurePlace[];
}

interface Outer {
  readonly path: string;
  readonly optionalOuters: readonly string[];
  readonly around: ReadonlySet<string>;
  readonly open: readonly ComplexType[];
}

/** @param prefix of the samples: the path from the wrapper's element to this type. */
export function listDraftPlaces(type: ComplexType, prefix: string, samples: Samples): Places {
  const scalars: ScalarPlace[] = [];
  const structures: StructurePlace[] = [];
  const addScalar = (place: Omit<ScalarPlace, 'samples' | 'cameEmpty' | 'alike' | 'mayBeMissing'>): void => {
    const all = samples.get(`${prefix}/${place.path}`) ?? [];
    const own = all.filter((text) => text !== '');
    const mayBeMissing = place.isOptional || place.optionalOuters.length > 0;
    const cameEmpty = own.length < all.length;
    scalars.push({ ...place, mayBeMissing, samples: own, cameEmpty, alike: listAlike(place.path, samples) });
  };
  const visit = (own: ComplexType, outer: Outer): void => {
    const at = outer.path === '' ? '' : `${outer.path}/`;
    const { around, optionalOuters } = outer;
    for (const { name, type: scalar, use } of own.attributes) {
      const path = `${at}@${name}`;
      const isOptional = use !== 'required';
      addScalar({ path, type: scalar, isList: false, isOptional, optionalOuters, name: readName(name), around });
    }
    // An element that has its values in attributes seldom has a text beside them.
    const hasText =
      own.attributes.length === 0 || samples.get(`${prefix}/${at}#text`)?.some((text) => text.trim() !== '');
    if (own.text !== undefined && hasText === true) {
      const last = outer.path.split('/').at(-1) ?? '';
      const path = `${at}#text`;
      addScalar({
        path,
        type: own.text,
        isList: false,
        isOptional: false,
        optionalOuters,
        name: readName(last),
        around,
      });
    }
    const hasSurname = own.fields.some(({ name }) => readPlaceName(name).has('surname'));
    for (const field of own.fields) {
      const path = at + field.name;
      const name = hasSurname ? withoutFirstName(readPlaceName(field.name)) : readPlaceName(field.name);
      const isOptional = field.optional || field.nillable;
      const isList = field.repeated;
      if (!isComplex(field.type)) {
        addScalar({ path, type: field.type, isList, isOptional, optionalOuters, name, around });
        continue;
      }
      const mayBeMissing = isOptional || optionalOuters.length > 0;
      structures.push({ path, type: field.type, isList, mayBeMissing, isOptional, optionalOuters, name, around });
      if (isList || outer.open.includes(field.type)) continue;
      const inside = new Set([...around, ...name]);
      const outers = isOptional ? [...optionalOuters, path] : optionalOuters;
      visit(field.type, { path, optionalOuters: outers, around: inside, open: [...outer.open, field.type] });
    }
  };
  visit(type, { path: '', optionalOuters: [], around: new Set(), open: [type] });
  return { scalars, structures };
}

function readPlaceName(text: string): ReadonlySet<string> {
  const name = readName(text);
  return name.size === 2 && name.has('last') && name.has('name') ? new Set(['surname']) : name;
}

/** Beside a surname «Имя» is a first name, not the name of the whole. */
function withoutFirstName(name: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...name].map((meaning) => (meaning === 'name' && !name.has('surname') ? 'first name' : meaning)));
}

function listAlike(path: string, samples: Samples): string[] {
  const last = `/${path.split('/').at(-1)}`;
  return [...samples].flatMap(([name, texts]) => (name.endsWith(last) ? texts.filter((text) => text !== '') : []));
}

export function isInside(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}/`);
}
