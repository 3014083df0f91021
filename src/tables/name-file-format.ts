// Files that people take for a table and that cannot be read as one: what they are, by their first bytes.

const saveIt = 'save it as XLSX or CSV';
export const passwordAdvice = `a workbook with a password: take the password off and ${saveIt}`;
export const advise = (what: string): string => `${what}: ${saveIt}`;

/** @returns what the file is and what to do, to go after "is"; undefined for a text or a ZIP archive. */
export function nameFileFormat(start: Buffer): string | undefined {
  // The container of old Office files, and of new ones with a password.
  if (startsWith(start, [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])) return nameCompoundFile(start);
  if (startsWith(start, [0x1f, 0x8b])) return 'a gzip archive: unpack it first';
  if (startsWith(start, [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c])) return 'a 7z archive: unpack it first';
  if (isDbf(start)) return advise('a DBF table');
  // In UTF-16 every other byte is zero, and these words are ASCII.
  const text = start
    .subarray(0, 4_096)
    .toString('latin1')
    .replace(/^(?:\xEF\xBB\xBF|\xFF\xFE|\xFE\xFF)/, '')
    .replaceAll('\u0000', '')
    .trimStart();
  return textFormats.find(([sign]) => sign.test(text))?.[1];
}

const textFormats: readonly (readonly [sign: RegExp, advice: string])[] = [
  [/^%PDF-/, advise('a PDF document')],
  [/^MOXCEL/, advise('a 1C spreadsheet document (.mxl)')],
  [/^\{\\rtf/, advise('an RTF document')],
  [/^Rar!/, 'a RAR archive: unpack it first'],
  [/^MIME-Version:/i, advise('a web page (MHTML), whatever its name says')],
  [
    /^<(?:!doctype\s+html|html|head|meta|body|table|style|script)\b/i,
    advise('a web page (HTML), whatever its name says'),
  ],
  [/^<[^]*urn:schemas-microsoft-com:office:spreadsheet/, advise('an Excel workbook of 2003 in XML')],
  [/^<(?:\?xml|[a-z])/i, advise('an XML file')],
];

function nameCompoundFile(start: Buffer): string {
  const has = (stream: string): boolean => start.includes(Buffer.from(stream, 'utf16le'));
  if (has('EncryptedPackage')) return passwordAdvice;
  if (has('WordDocument')) return advise('a Word document');
  const isWorkbook = has('Workbook') || has('Book');
  return advise(
    isWorkbook ? 'an old Excel workbook (.xls)' : 'an old Excel workbook (.xls), or a workbook with a password',
  );
}

/** Its first byte says the version, the next three a date, and the rest of the head is mostly zeros. */
function isDbf(start: Buffer): boolean {
  const [version = 0, , month = 0, day = 0] = start;
  const isVersion = [0x03, 0x30, 0x31, 0x83, 0x8b, 0xf5].includes(version);
  return isVersion && start.length > 32 && month >= 1 && month <= 12 && day >= 1 && day <= 31 && start[30] === 0;
}

function startsWith(bytes: Buffer, signature: readonly number[]): boolean {
  return bytes.length >= signature.length && signature.every((byte, at) => bytes[at] === byte);
}
