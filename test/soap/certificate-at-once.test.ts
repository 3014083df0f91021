// Gift certificates through the door: 64 tills, a connection each, at one certificate.
import { findDifferenceOf } from '../../src/db/admin/integrity.ts';
import { showCertificate } from '../../src/operations/certificates/certificate-catalog.ts';
import { callOnce, startService, type TestingService } from './testing-service.ts';

let service: TestingService;
afterEach(() => service.stop());

const tills = 64;

function write(operation: string, till: number, amount: string): string {
  return (
    '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>' +
    `<m:${operation} xmlns:m="http://www.kkm.solutions/KKMTransfer"><m:Operation><m:KKM>T-${till}</m:KKM>` +
    '<m:ShiftNumber>1</m:ShiftNumber><m:ReceiptNumber>1</m:ReceiptNumber>' +
    '<m:ReceiptDate>2026-11-22T12:00:00</m:ReceiptDate><m:CertificateNumber>G1</m:CertificateNumber>' +
    `<m:Amount>${amount}</m:Amount></m:Operation></m:${operation}></soap:Body></soap:Envelope>`
  );
}

/** Every till calls twice at once, as one that has lost its line does: its answers, without their Duplicate. */
function callAll(operation: string, amount: string): Promise<string[][]> {
  const answer = async (till: number): Promise<string> => {
    const { status, body } = await callOnce(service, { body: write(operation, till, amount) });
    const text = body.toString();
    const read = (name: string): string => new RegExp(`<m:${name}>([^<]*)<`).exec(text)?.[1] ?? '';
    return [status, ...['ResultCode', 'Status', 'Balance'].map(read)].join(' ');
  };
  return Promise.all(Array.from({ length: tills }, (_, till) => Promise.all([answer(till), answer(till)])));
}

test.each([
  ['stays', 33, 10],
  // What is left burns with the first redemption, so the others find nothing.
  ['burns', 1, 0],
])(
  '64 tills spend no more than there is, and each gets its own answer twice (the rest %s)',
  async (rest, paid, left) => {
    service = await startService({
      before: {
        certificates: [{ number: 'G', nominal: '1000', soldFor: '1000' }],
        settings: { certificateRest: rest },
      },
    });
    const answers = await callAll('RedeemCertificate', '30');
    const spent = answers.filter(([one]) => one?.startsWith('200 0 '));
    expect(spent).toHaveLength(paid);
    for (const [one, again] of spent) expect(again).toBe(one);
    // No two tills got the same rest, so none spent the other's money.
    expect(new Set(spent.map(([one]) => one)).size).toBe(paid);
    for (const [one] of answers.filter((each) => !spent.includes(each))) expect(one).toMatch(/^200 13 /);
    const shown = await showCertificate(service.infobase(), 'G1');
    expect(shown?.certificate.balance).toBe(left * 100);
    expect(shown?.movements).toHaveLength(1 + paid);

    const undone = await callAll('CancelCertificate', '30');
    for (const [one, again] of undone) expect([one?.slice(0, 6), again]).toEqual(['200 0 ', one]);
    expect((await showCertificate(service.infobase(), 'G1'))?.certificate.balance).toBe(100_000);
    expect(await service.infobase().db.read((trx) => findDifferenceOf(trx, 'certificate'))).toBeUndefined();
  },
);

test('of 64 tills that sell one certificate one has sold it', async () => {
  service = await startService({ before: { certificates: [{ number: 'G', nominal: '1000' }] } });
  const answers = await callAll('SellCertificate', '1000');
  const sold = answers.filter(([one]) => one?.startsWith('200 0 '));
  expect(sold).toEqual([['200 0 issued 1000', '200 0 issued 1000']]);
  expect((await showCertificate(service.infobase(), 'G1'))?.movements).toHaveLength(1);
});
