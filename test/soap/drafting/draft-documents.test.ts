// Where a draft puts the examples of documents/: into the string that recordings show, never into a code, and an answer never
// into a request.
import { rmSync } from 'node:fs';
import { loadContract } from '../../../src/soap/contract/contract.ts';
import { draftBinding, type DraftedBinding } from '../../../src/soap/drafting/draft-binding.ts';
import type { Samples } from '../../../src/soap/drafting/draft-places.ts';
import { makeContract } from '../binding/testing-contract.ts';

const wsdl =
  'operation CardHistory(ShopCode string, Body string) -> string\n' +
  'operation ConfirmPackage(TillCode string, PackageNumber integer, Remarks string) -> integer\n' +
  'operation GetCertificate(Till string, Number string) -> Certificate\n' +
  'type Certificate: Code integer, Balance decimal, Message string?';
const query =
  '<Query Version="1"><Card>2900000000017</Card><Period From="2026-11-01" To="2026-11-22"/><NoMore>5</NoMore></Query>';
const story =
  '<Response Code="0" Text=""><Till Code="K-01"/><Rows><Row Date="2026-11-22T10:00:00" Kind="Accrual" Bonus="4.75" ' +
  'Document="7" Balance="10.00"/></Rows></Response>';

function draft(samples: Samples, documents: Readonly<Record<string, string>>): DraftedBinding {
  const folder = makeContract(wsdl, { operations: {} }, documents);
  const drafted = draftBinding(folder, loadContract(folder).model, samples);
  rmSync(folder, { recursive: true });
  return drafted;
}

const places = ({ operations }: DraftedBinding): string[] =>
  operations.flatMap(({ operation, lines }) =>
    lines
      .filter(({ transform }) => transform === 'document')
      .map(({ side, line, from }) => `${operation} ${side} ${line} <- ${from}`),
  );

test('a document goes into the string in which it was recorded', () => {
  const samples: Samples = new Map([
    ['CardHistory/ShopCode', ['7']],
    ['CardHistory/Body', [query]],
  ]);
  const drafted = draft(samples, { 'documents/asked.xml': query, 'documents/told.xml': story });
  expect(places(drafted)).toEqual([
    'CardHistory request Body <- documents/asked.xml',
    'CardHistory reply return <- documents/told.xml',
  ]);
  const reasons = drafted.operations.flatMap(({ lines }) => lines.filter(({ transform }) => transform === 'document'));
  expect(reasons.map(({ reason }) => reason.split(';')[0])).toEqual([
    'such a document was recorded there',
    'its elements are those of the command',
  ]);
  expect(drafted.file.requests?.cardHistory).toMatchObject({
    cardNumber: ['Body/Query/Card', 'requiredText'],
    from: ['Body/Query/Period/@From', 'moment'],
    to: ['Body/Query/Period/@To', 'moment'],
  });
});

test('what was recorded as a plain text is no document, whatever the string is called', () => {
  const samples: Samples = new Map([['CardHistory/Body', ['2900000000017']]]);
  expect(places(draft(samples, { 'documents/asked.xml': query }))).toEqual([]);
});

test.each([
  ['by the name of its root', { 'documents/story.xml': story }],
  ['by the name of its file', { 'documents/history-reply.xml': story.replaceAll('Response', 'Story') }],
])('an answer is put into no request, nor into the code or the message beside it: %s', (_how, documents) => {
  expect(places(draft(new Map(), documents))).toEqual([
    expect.stringMatching(/^CardHistory reply return <- documents\/\S+\.xml$/),
  ]);
});

test('a root that came in requests only is of no reply', () => {
  const samples: Samples = new Map([['CardHistory/Body', [story.replaceAll('Response', 'Story')]]]);
  const documents = { 'documents/story.xml': story.replaceAll('Response', 'Story') };
  expect(places(draft(samples, documents))).toEqual(['CardHistory request Body <- documents/story.xml']);
});

test('the ends of a period that are called С and По alone', () => {
  const asked = '<Запрос><НомерКарты>2900000000017</НомерКарты><Период С="2026-11-01" По="2026-11-22"/></Запрос>';
  const samples: Samples = new Map([['CardHistory/Body', [asked]]]);
  const { file } = draft(samples, { 'documents/asked.xml': asked });
  expect(file.requests?.cardHistory).toMatchObject({
    from: ['Body/Запрос/Период/@С', 'moment'],
    to: ['Body/Запрос/Период/@По', 'moment'],
  });
});
