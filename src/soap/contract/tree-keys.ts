// Keys of a tree of values that are not names of elements. No element's name begins with these characters.

/** Names of a type's elements in the order of their coming, where the tree would lose it. */
export const orderKey = '#order';
/** The elements that a wildcard takes, each as XML. */
export const anyKey = '#any';
/** The text of a type that has attributes. */
export const textKey = '#text';
/** The type that the sender names, as "{namespace}name". */
export const typeKey = '@xsi:type';

export function attributeKey({ namespace, local }: { readonly namespace: string; readonly local: string }): string {
  return namespace === '' ? `@${local}` : `@{${namespace}}${local}`;
}
