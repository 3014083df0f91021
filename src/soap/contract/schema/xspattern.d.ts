// The package has these declarations, but its list of exports does not name them.
declare module 'xspattern' {
  export function compile(pattern: string): (text: string) => boolean;
}
