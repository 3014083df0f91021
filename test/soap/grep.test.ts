// A base whose real WSDL is known gets a folder with two files and no line of code: so no name of the contract may stand
// in the code that reads, writes and dispatches. The names are taken from the WSDL itself.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadContract } from '../../src/soap/contract/contract.ts';

const contract = loadContract('wsdl/default');

/** Operations, wrappers, types and their elements, the service and its ports. */
const names = new Set([
  contract.serviceName,
  ...contract.ports,
  ...contract.operations,
  ...contract.model.operations.flatMap(({ request, response }) =>
    [request, response].flatMap(({ element, type }) => [element, ...type.fields.map(({ name }) => name)]),
  ),
  ...[...contract.model.types].flatMap(([name, { fields }]) => [name, ...fields.map((field) => field.name)]),
]);

/** Words that the code cannot do without, each with what it stands for there. */
const wordsOfTheContractRoom: Readonly<Record<string, string>> = {
  Code: "charCodeAt; the Code of SOAP 1.2's own Fault",
  Date: "dateTime and date of XML Schema's own types",
  Document: 'a WSDL document',
  From: 'from a place in a text on',
  Kind: 'the kind of a scalar type',
  Line: 'a line end',
  Name: 'the name of an element',
  Number: "JavaScript's own Number",
  Operation: 'an operation of any WSDL',
  Reason: "the Reason of SOAP 1.2's own Fault",
  Request: 'a request of any operation',
  Version: "SOAP's versions and its own VersionMismatch",
  return: "JavaScript's own statement",
};

const wordsOfTheDoor: Readonly<Record<string, string>> = {
  Number: "JavaScript's own Number",
  Operation: "the model's own type",
  Receipt: "the ledger's own type",
  ReceiptUpload: "the operation's own type",
  Request: "Express's own type",
  ResultCode: "the ledger's own type",
  return: "JavaScript's own statement",
};

/** The code of a file: this house writes its comments on lines of their own. */
function readCode(file: string): string {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => !/^\s*(?:\/\/|\/\*|\*)/.test(line)).join('\n');
}

function listCode(folder: string): { file: string; code: string }[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts'));
  return files.map((file) => ({ file: join(folder, file), code: readCode(join(folder, file)) }));
}

test('the names are there to be looked for', () => {
  expect([...names]).toEqual(
    expect.arrayContaining([
      'KKMTransfer',
      'KKMTransferSoap12',
      'GetCardInfo',
      'PingResponse',
      'return',
      'Receipt',
      'FN',
    ]),
  );
  expect(names.size).toBeGreaterThan(120);
});

test('nothing of the contract room has a name of the contract, not even as a part of a word', () => {
  const used = new Set<string>();
  for (const { file, code } of listCode('src/soap/contract')) {
    for (const name of names) {
      // "CardNumber" is found in readCardNumber, "Card" is not found in Cardinal nor "Sum" in SUMMARY.
      if (!new RegExp(`(?<![A-Z])${name}(?![a-z])`).test(code)) continue;
      expect([file, Object.keys(wordsOfTheContractRoom)]).toEqual([file, expect.arrayContaining([name])]);
      used.add(name);
    }
  }
  expect([...used].toSorted()).toEqual(Object.keys(wordsOfTheContractRoom).toSorted());
});

test('no string of the contract room is a name of the contract', () => {
  for (const { file, code } of listCode('src/soap/contract')) {
    const strings = Array.from(code.matchAll(/'([^'\n]*)'|"([^"\n]*)"|`([^`]*)`/g), (match) => match.slice(1).join(''));
    for (const text of strings) expect([file, text, names.has(text)]).toEqual([file, text, false]);
  }
});

test('no word at the front door is a name of the contract: those stand in binding.json', () => {
  const used = new Set<string>();
  for (const { file, code } of [...listCode('src/soap'), ...listCode('src/soap/binding')]) {
    for (const [word] of code.matchAll(/[A-Za-z_$][\w$]*/g)) {
      if (!names.has(word)) continue;
      expect([file, Object.keys(wordsOfTheDoor)]).toEqual([file, expect.arrayContaining([word])]);
      used.add(word);
    }
  }
  expect([...used].toSorted()).toEqual(Object.keys(wordsOfTheDoor).toSorted());
});

test('no other part of the source names an operation of the contract or its namespace', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));
  // The demo is a till: it speaks as one.
  const clients = /^commands\/demo\b/;
  for (const file of files.filter((path) => !clients.test(path))) {
    const code = readCode(join('src', file));
    expect([file, code.includes(contract.namespace)]).toEqual([file, false]);
    const operations = contract.operations.filter((name) => new RegExp(`\\b${name}\\b`).test(code));
    expect([file, operations]).toEqual([file, []]);
  }
});

test.each(['wsdl/flat-cyrillic', 'wsdl/xml-in-string'])('%s is data alone: no source names it', (folder) => {
  const { namespace, serviceName, operations } = loadContract(folder);
  // A name of one word is a word of the language as well.
  const own = [folder, namespace, serviceName, ...operations.filter((name) => /^\p{Lu}\p{Ll}+\p{Lu}/u.test(name))];
  for (const file of readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((path) => /\.tsx?$/.test(path))) {
    const code = readFileSync(join('src', file), 'utf8');
    expect([file, own.filter((name) => code.includes(name))]).toEqual([file, []]);
  }
});
