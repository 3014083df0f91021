// A value of a request that fits the schema and that no command can take: a result 11 of the service, not a fault.

/** `path` has the command's names. */
export class BadValue {
  readonly expected: string;
  readonly path: string;

  constructor(expected: string, path = '') {
    this.expected = expected;
    this.path = path;
  }

  within(name: string): BadValue {
    const isIndex = this.path.startsWith('[');
    return new BadValue(this.expected, this.path === '' ? name : `${name}${isIndex ? '' : '.'}${this.path}`);
  }
}
