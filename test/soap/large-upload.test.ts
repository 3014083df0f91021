// UploadReceipts with 10,000 receipts in one call through the real door: partial success in order, other tills answered
// meanwhile, and a refusal that says what to do where the call is over the limit.
import { addCard, addKind, getBalance, noon } from '../operations/testing-infobase.ts';
import { callOnce, startService, type TestingService } from './testing-service.ts';

const namespace = 'http://www.kkm.solutions/KKMTransfer';
const count = 10_000;
const cards = 50;
const cardOf = (index: number): string => String(2_900_000_000 + (index % cards));

let service: TestingService;
afterEach(() => service.stop());

async function start(settings: Readonly<Record<string, string>> = {}): Promise<void> {
  service = await startService({ settings });
  await addKind(service.infobase());
  for (let index = 0; index < cards; index += 1) await addCard(service.infobase(), { number: cardOf(index) });
}

function wrap(operation: string, content: string): string {
  return (
    `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>` +
    `<${operation} xmlns="${namespace}">${content}</${operation}></s:Body></s:Envelope>`
  );
}

/** Every thousandth has a card that is not there, and every thousandth and first a sum that is none. */
const isOfUnknownCard = (index: number): boolean => index % 1000 === 500;
const isOfBadSum = (index: number): boolean => index % 1000 === 501;

function writeUpload(): string {
  const receipts = Array.from({ length: count }, (_, index) => {
    const card = isOfUnknownCard(index) ? '000' : cardOf(index);
    const sum = isOfBadSum(index) ? '100.005' : '100';
    return (
      `<Receipt><Kind>Sale</Kind><KKM>KKM-1</KKM><ShiftNumber>1</ShiftNumber>` +
      `<ReceiptNumber>${index + 1}</ReceiptNumber><ReceiptDate>${noon}</ReceiptDate><CardNumber>${card}</CardNumber>` +
      `<Sum>${sum}</Sum><SumWithDiscount>100</SumWithDiscount><BonusAccrued>1</BonusAccrued>` +
      `<BonusRedeemed>0</BonusRedeemed><Offline>true</Offline></Receipt>`
    );
  });
  return wrap('UploadReceipts', `<Upload><KKM>KKM-1</KKM>${receipts.join('')}</Upload>`);
}

test('each is judged alone, in order, and other tills are answered between the turns', async () => {
  await start({ BODY_LIMIT: '8mb' });
  const upload = { isAnswered: false };
  const answered = callOnce(service, { body: writeUpload() }).finally(() => {
    upload.isAnswered = true;
  });
  const read = wrap('GetCardInfo', `<Request><KKM>KKM-2</KKM><CardNumber>${cardOf(0)}</CardNumber></Request>`);
  const balances = new Set<string>();
  while (!upload.isAnswered) {
    const reply = await callOnce(service, { body: read });
    expect(reply.status).toBe(200);
    balances.add(/<[\w:]*BonusBalance>([^<]*)</.exec(reply.body.toString())?.[1] ?? '');
  }
  const reply = await answered;
  const text = reply.body.toString();
  expect(reply.status).toBe(200);
  const codes = Array.from(text.matchAll(/<[\w:]*ResultCode>(\d+)</g), ([, code]) => Number(code));
  const expected = Array.from({ length: count }, (_, index) =>
    isOfUnknownCard(index) ? 1 : isOfBadSum(index) ? 11 : 0,
  );
  expect(codes).toEqual([0, ...expected]);
  expect(/Accepted>(\d+)<[\s\S]*?Linked>(\d+)<[\s\S]*?Rejected>(\d+)</.exec(text)?.slice(1)).toEqual([
    '9980',
    '0',
    '20',
  ]);
  // Other calls came between the turns: the upload did not keep the base to itself.
  expect(balances.size).toBeGreaterThan(3);
  const { receipts } = await getBalance(service.infobase(), cardOf(0));
  expect(receipts).toBe(expected.filter((code, index) => index % cards === 0 && code === 0).length);
}, 120_000);

test('over the limit it is refused with the limit and what to do, and nothing of it is posted', async () => {
  await start({ BODY_LIMIT: '1mb' });
  const reply = await callOnce(service, { body: writeUpload() });
  expect(reply.status).toBe(413);
  expect(reply.body.toString()).toContain('Запрос больше допустимого размера (1048576 байт): отправьте его частями');
  expect((await getBalance(service.infobase(), cardOf(0))).receipts).toBe(0);
});
