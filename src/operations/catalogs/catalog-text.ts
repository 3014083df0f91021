// What the code and the name of a catalog's element may be: card kinds and rules of life alike.

const nameLimit = 100;
// Codes stand in filters (kind=A|B,status=...), in addresses and in files: no separators among them.
const codeForm = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,49}$/u;

/** Why a text is not a code, or undefined. */
export function findCodeMistake(code: string): string | undefined {
  if (codeForm.test(code)) return undefined;
  return 'a code has 1 to 50 letters, digits, ".", "_" and "-", and begins with a letter or digit';
}

/** Why a text is not a name, or undefined. */
export function findNameMistake(name: string): string | undefined {
  if (name !== '' && name.length <= nameLimit && name === name.trim() && !/\p{Cc}/u.test(name)) return undefined;
  return `a name has 1 to ${nameLimit} characters, no blanks at its ends, no control characters`;
}
