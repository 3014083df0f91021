// Reads the text that Prometheus is given, as strictly as Prometheus does: a line that has not the form is an error.

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface ReadFamily {
  readonly type: string;
  readonly help: string;
  readonly samples: Sample[];
}

const sampleForm = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const labelForm = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\[\\"n])*)"(?:,|$)/gy;

/** By name. @throws for a line that is no metric, and for a sample that has no family before it. */
export function readExposition(text: string): Map<string, ReadFamily> {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const families = new Map<string, ReadFamily>();
  const helps = new Map<string, string>();
  const seen = new Set<string>();
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const [, keyword, about = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (keyword === 'HELP') helps.set(about, rest);
    else if (keyword === 'TYPE') {
      if (families.has(about)) throw new Error(`${about} is there twice`);
      families.set(about, { type: rest, help: helps.get(about) ?? '', samples: [] });
    } else {
      const sample = readSample(line);
      const key = line.slice(0, line.lastIndexOf(' '));
      if (seen.has(key)) throw new Error(`${key} is there twice`);
      seen.add(key);
      const base = sample.name.replace(/_(?:bucket|sum|count)$/, '');
      const family = families.get(sample.name) ?? families.get(base);
      if (family === undefined) throw new Error(`${line}: no family`);
      family.samples.push(sample);
    }
  }
  return families;
}

function readSample(line: string): Sample {
  const [whole, name = '', inBraces = '', number = ''] = sampleForm.exec(line) ?? [];
  if (whole === undefined) throw new Error(`${line}: not a sample`);
  const labels: Record<string, string> = {};
  let end = 0;
  for (const [pair, label = '', value = ''] of inBraces.matchAll(labelForm)) {
    labels[label] = value.replace(/\\(.)/g, (_, one: string) => (one === 'n' ? '\n' : one));
    end += pair.length;
  }
  if (end !== inBraces.length) throw new Error(`${line}: labels that cannot be read`);
  const value = number === '+Inf' ? Infinity : number === 'Nan' || number === 'NaN' ? Number.NaN : Number(number);
  if (Number.isNaN(value) && !/^nan$/i.test(number)) throw new Error(`${line}: not a number`);
  return { name, labels, value };
}
