// `kkm contract evidence`: what is known of each name of a contract's folder. A recording of the real base lifts a name from
// assumed to observed.
import { countOf } from '../../ledger/count-of.ts';
import { answer } from '../answer.ts';
import { CommandFailed, defineCommand, UsageMistake } from '../command-io.ts';
import { suggest } from '../suggest.ts';
import { evidenceMarks, readEvidenceFile, writeEvidenceFile, type EvidenceFile, type Known } from './evidence-file.ts';
import { listEvidence, listStrangeNames, type EvidenceLine } from './list-evidence.ts';
import { noRecordings, readRecordings, type Recordings } from './read-recordings.ts';
import { findContractFolder, readFolderModel, refuseWrong } from './read-wsdl.ts';

export const contractEvidence = defineCommand({
  usage: 'DIR [--recordings DIR [--write]] [--json]',
  about: 'lists every name of a contract as documented, observed or assumed, with the source',
  notes: [
    'It is kept in evidence.json of the folder. --recordings: requests and replies of the real base, *.xml; values in them',
    'are never shown. Recordings of clients that were made from this very WSDL prove nothing of its names.',
  ],
  takes: ['DIR'],
  flags: {
    recordings: { takes: 'DIR', about: 'a folder of recorded envelopes: what comes in them is observed' },
    write: { about: 'keeps what the recordings show in evidence.json' },
    json: { about: 'one JSON document instead of lines' },
  },
  run: async ({ flags, values: [given = ''] }, io) => {
    // What is written goes where it was said.
    const folder = flags.write ? given : findContractFolder(given);
    if (flags.write && flags.recordings === undefined)
      throw new UsageMistake('--write needs --recordings DIR', '--recordings');
    const model = readFolderModel(folder);
    const file = readEvidenceFile(folder);
    refuseStrangers(
      listStrangeNames(model, file),
      model.operations.map(({ request }) => request.element),
    );
    const recordings = flags.recordings === undefined ? noRecordings : readRecordings(flags.recordings, model);
    const lines = refuseWrong(folder, () => listEvidence(folder, model, file, recordings));
    const written = flags.write ? writeEvidenceFile(folder, keepLifted(file, lines)) : null;
    const counts = Object.fromEntries(
      evidenceMarks.map((mark) => [mark, lines.filter(({ evidence }) => evidence === mark).length] as const),
    );
    const { strangers, skipped } = recordings;
    const json = { names: lines, counts, notInWsdl: Object.fromEntries(strangers), skipped, written };
    const summary = evidenceMarks.map((mark) => `${mark} ${counts[mark]}`).join(', ');
    return answer(io, flags, {
      json,
      lines: [
        ...lines.map(formatLine),
        ...formatRecordings(recordings),
        `${countOf(lines.length, 'name')}: ${summary}`,
        ...(written === null ? [] : [`written to ${written}`]),
      ],
    });
  },
});

function refuseStrangers(strangers: readonly string[], known: readonly string[]): void {
  if (strangers.length === 0) return;
  const mistakes = strangers.map((name) => {
    const [operation = ''] = name.split('/');
    return `evidence.json: names.${name}: the WSDL has no such name${known.includes(operation) ? '' : suggest(operation, known)}`;
  });
  throw new CommandFailed(mistakes.join('; '), { code: 'mistakes', details: { mistakes } });
}

function keepLifted(file: EvidenceFile, lines: readonly EvidenceLine[]): EvidenceFile {
  const lifted = lines.flatMap(({ name, source, lifted: isLifted }) => {
    if (isLifted !== true) return [];
    const known: Known = { evidence: 'observed', source: source! };
    return [[name, known] as const];
  });
  return { ...file, names: { ...file.names, ...Object.fromEntries(lifted) } };
}

function formatLine({ name, evidence, source, lifted, seen }: EvidenceLine): string {
  const from = source === undefined ? '' : ` (${source})`;
  const also = lifted === true ? ', was assumed' : seen === undefined || seen === source ? '' : `, seen in ${seen}`;
  return `${evidence.padEnd(10)} ${name}${from}${also}`;
}

function formatRecordings({ strangers, skipped }: Recordings): string[] {
  return [
    ...[...strangers].map(([name, file]) => `not in the WSDL: ${name} (${file})`),
    ...skipped.map((why) => `skipped ${why}`),
  ];
}
